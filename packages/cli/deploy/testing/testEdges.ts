import type { Context } from "../../command.ts";
import type { ProbeReport } from "../../page/probe.ts";
import type { Served } from "../../page/readServed.ts";
import { planetServed } from "../../page/testing/planetServed.ts";
import type { Lock } from "../../stack/locks.ts";
import { fakeGit } from "../../testing/fakeGit.ts";
import type { OperationEdges } from "../edges.ts";
import type { CloudLook } from "../lookAtCloud.ts";

const REPORT: ProbeReport = {
  ...{ requests: 40, failed: 0, failures: [], slowestMs: 20, longestGapMs: 110 },
  ...{ releases: ["aaaaaaaa"], firstAnswersMs: [10] },
};

/** A planet of one server and one commit; `pulumi up` does what `up` says. */
export class FakeEdges {
  readonly files = new Map([["/planet/Pulumi.prod.yaml", "config:\n  planet:bucket: b\n  planet:generation: 4\n"]]);
  outputs: Record<string, string> | undefined = {
    ...{ url: "http://192.0.2.9/", address: "192.0.2.9", instanceId: "i-1", release: "aaaaaaaa" },
  };
  history: object[] = [];
  /** Of `pulumi stack export`. */
  deployment: object = {};
  head: string | undefined = "c".repeat(40);
  uncommitted: string[] = [];
  page: Served = planetServed("aaaaaaaa", 3);
  cloud: CloudLook = { instance: { state: "running", reason: "" }, address: { state: "ours", holder: "i-1" } };
  locks: readonly Lock[] = [];
  agrees = true;
  /** @returns the exit code of `pulumi up`. */
  up: (fake: FakeEdges) => number = (fake) => {
    fake.outputs = { ...fake.outputs, instanceId: "i-2", release: "bbbbbbbb" };
    return 0;
  };

  readonly ran: { readonly args: readonly string[]; readonly cwd: string | undefined }[] = [];
  readonly asked: string[] = [];
  out = "";
  err = "";

  get stackFile(): string | undefined {
    return this.files.get("/planet/Pulumi.prod.yaml");
  }

  readonly context: Context = {
    checkout: "/planet",
    shownNotices: new Set<string>(),
    environment: {},
    out: (text) => {
      this.out += text;
    },
    err: (text) => {
      this.err += text;
    },
  };

  /** What is committed is what the stack's file was at first. */
  readonly #committed = new Map(this.files);

  readonly edges: OperationEdges = {
    read: ([, verb = "", ...rest]) => {
      if (verb === "--show-name") return Promise.resolve({ code: 0, stdout: "prod\n" });
      if (verb === "export")
        return Promise.resolve({ code: 0, stdout: JSON.stringify({ deployment: this.deployment }) });
      const value = verb === "output" ? (this.outputs ?? {}) : this.history;
      return Promise.resolve({ code: rest.includes("--json") ? 0 : 1, stdout: JSON.stringify(value) });
    },
    run: (args, _, options = {}) => {
      this.ran.push({ args, cwd: options.cwd });
      return Promise.resolve(this.up(this));
    },
    git: () => this.#git,
    startProbe: () => ({ report: () => REPORT, stop: () => Promise.resolve(REPORT) }),
    page: () => Promise.resolve(this.page),
    cloud: () => Promise.resolve(this.cloud),
    locks: () => Promise.resolve(this.locks),
    confirm: (question) => {
      this.asked.push(question);
      return Promise.resolve(this.agrees);
    },
    readText: (file) => Promise.resolve(this.files.get(file)),
    writeText: (file, text) => {
      this.files.set(file, text);
      return Promise.resolve();
    },
    sleep: () => Promise.resolve(),
  };

  readonly #git = fakeGit({
    head: () => Promise.resolve(this.head),
    uncommitted: () => Promise.resolve(this.uncommitted),
    show: (_, file) => Promise.resolve(this.#committed.get(`/planet/${file}`)),
  });
}

/** An entry of `pulumi stack history --json`. */
export function historyEntry(commit: string, more: object = {}): object {
  const environment = { "git.head": commit, "git.dirty": "false" };
  return {
    kind: "update",
    result: "succeeded",
    message: "a change",
    resourceChanges: { create: 1 },
    environment,
    ...more,
  };
}
