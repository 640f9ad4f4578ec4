import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type GitProject, withoutPulumi } from "./gitProject.ts";
import { GH, NPM, writeCommands } from "./stubCommands.ts";
import { runWorkflow } from "./workflow.ts";

export interface Comment {
  readonly id: number;
  readonly body: string;
}

export interface WorkflowResult {
  readonly exitCode: number;
  readonly output: string;
  /** What the job's page shows. */
  readonly summary: string;
}

/** As far as the workflows need it: GitHub with one repository and one pull request, and its self-hosted runner. */
export class RepositoryHost {
  readonly #project: GitProject;
  readonly #contexts: Readonly<Record<string, string>>;
  readonly #folder: string;
  #runs = 0;

  private constructor(project: GitProject, contexts: Readonly<Record<string, string>>, folder: string) {
    this.#project = project;
    this.#contexts = contexts;
    this.#folder = folder;
  }

  static async create(project: GitProject, contexts: Readonly<Record<string, string>>): Promise<RepositoryHost> {
    const folder = await mkdtemp(join(tmpdir(), "planet-host-"));
    await writeCommands(folder, { gh: GH, npm: NPM });
    await writeFile(join(folder, "comments.json"), "[]");
    return new RepositoryHost(
      project,
      { "github.event.pull_request.number": "7", "github.token": "t", ...contexts },
      folder,
    );
  }

  /** `refs/pull/7/merge`: what a pull request's workflows see is the branch merged into main. */
  async pullRequest(branch: string): Promise<string> {
    const reference = "refs/pull/7/merge";
    await this.#project.git("checkout", "--quiet", "--detach", "main");
    await this.#project.git("merge", "--quiet", "--no-ff", "--message", `Merge ${branch}`, branch);
    await this.#project.git("update-ref", reference, "HEAD");
    await this.#project.git("checkout", "--quiet", branch);
    return reference;
  }

  /** Runs a workflow in a fresh folder that has one commit and nothing else, as actions/checkout leaves it. */
  async run(workflow: string, reference: string): Promise<WorkflowResult> {
    this.#runs += 1;
    const directory = join(this.#folder, `run-${this.#runs}`);
    const summary = join(this.#folder, `summary-${this.#runs}.md`);
    const git = (...args: string[]) => promisify(execFile)("git", ["-C", directory, ...args]);
    await promisify(execFile)("git", ["init", "--quiet", directory]);
    await git("fetch", "--quiet", "--depth=1", pathToFileURL(this.#project.directory).href, reference);
    await git("checkout", "--quiet", "--detach", "FETCH_HEAD");
    const environment = {
      ...withoutOurs(process.env),
      PATH: [this.#folder, process.env.PATH].join(delimiter),
      GITHUB_REPOSITORY: "us/planet",
      GITHUB_STEP_SUMMARY: summary,
      STORE: join(this.#folder, "comments.json"),
    };
    const result = await runWorkflow(workflow, { directory, contexts: this.#contexts, environment });
    return { ...result, summary: await readFile(summary, "utf8").catch(() => "") };
  }

  async comments(): Promise<Comment[]> {
    return JSON.parse(await readFile(join(this.#folder, "comments.json"), "utf8")) as Comment[];
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** A runner's service has no keys, no backend, and was not started by npm, whose variables give `npx` a folder. */
function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(withoutPulumi(environment)).filter(([name]) => !/^(AWS|npm|GITHUB|PLANET)_/.test(name)),
  );
}
