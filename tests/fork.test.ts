import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

// Proves the commands of docs/fork.md with git itself; not that the next version of this project is a good one.
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planet-fork-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const AUTHOR = ["-c", "user.name=us", "-c", "user.email=us@planet.example", "-c", "commit.gpgsign=false"];

/** A work tree in which files are written and commands run as the page has them. */
function workTree(name: string) {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const git = (...args: string[]) =>
    execFileSync("git", [...AUTHOR, ...args], { cwd: path, env, encoding: "utf8", stdio: "pipe" });
  return {
    path,
    git,
    write(files: Readonly<Record<string, string>>) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, file)), { recursive: true });
        writeFileSync(join(path, file), text);
      }
    },
    commit(message: string) {
      git("add", "--all");
      git("commit", "--quiet", "--message", message);
    },
    read: (file: string) => readFileSync(join(path, file), "utf8"),
    files: () => git("ls-files").trim().split("\n"),
  };
}

/** The commands between the fences below a heading of the page, without those of other programs. */
function gitCommands(heading: string): string[][] {
  const [, section = ""] = readFileSync("docs/fork.md", "utf8").split(`\n## ${heading}\n`);
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  const lines = block.split("\n").map((line) => line.replace(/\s+#.*$/, ""));
  return lines.filter((line) => line.startsWith("git ")).map((line) => line.slice("git ".length).split(" "));
}

/** A merge that stops at a conflict ends with 1, and the page goes on. */
function takeWhatIsNew(fork: ReturnType<typeof workTree>): void {
  for (const command of gitCommands("Take what is new")) {
    try {
      fork.git(...command);
    } catch (error) {
      if (command[0] !== "merge") throw error;
    }
  }
}

test("a fork takes the program of a new version, and keeps site/ and its stack to the byte", () => {
  const upstream = workTree("upstream");
  upstream.git("init", "--quiet", "--initial-branch=main");
  const first = {
    "site/planet.ini": "sample\n",
    "site/old.css": "a {}\n",
    "Pulumi.prod.yaml": "x: 1\n",
    "index.ts": "1\n",
  };
  upstream.write(first);
  upstream.commit("first version");
  const fork = workTree("fork");
  fork.git("clone", "--quiet", "--origin", "upstream", upstream.path, ".");
  const ours = { "site/planet.ini": "ours\n", "site/images/anna.png": "png\n", "Pulumi.harbour.yaml": "y: 2\n" };
  fork.write(ours);
  fork.git("rm", "--quiet", "site/old.css");
  fork.commit("our planet");

  upstream.write({ "site/planet.ini": "another sample\n", "site/old.css": "b {}\n", "site/new.css": "c {}\n" });
  upstream.write({ "Pulumi.prod.yaml": "x: 3\n", "index.ts": "2\n" });
  upstream.commit("second version");
  takeWhatIsNew(fork);

  expect(fork.git("status", "--porcelain")).toBe("");
  expect(fork.files()).toEqual([
    ...["Pulumi.harbour.yaml", "Pulumi.prod.yaml", "index.ts", "site/images/anna.png", "site/planet.ini"],
  ]);
  for (const [file, text] of Object.entries(ours)) expect(fork.read(file)).toBe(text);
  expect([fork.read("index.ts"), fork.read("Pulumi.prod.yaml")]).toEqual(["2\n", "x: 3\n"]);

  // And once more: what was taken is not offered again.
  upstream.write({ "index.ts": "3\n" });
  upstream.commit("third version");
  takeWhatIsNew(fork);
  expect([fork.read("index.ts"), fork.read("site/planet.ini")]).toEqual(["3\n", "ours\n"]);
});
