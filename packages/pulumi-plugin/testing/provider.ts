// A provider of one resource whose name says what happens to it.
import { InitializationError, type Provider, serveProvider, UNKNOWN } from "../index.ts";

const provider = ({
  log,
  cancelled,
}: {
  log: { info(urn: string, text: string): void };
  cancelled: AbortSignal;
}): Provider => ({
  configure: () => Promise.resolve(),
  check: ({ news, olds }) =>
    Promise.resolve(
      news.bad ? { failures: [{ property: "bad", reason: "is bad" }] } : { inputs: { ...news, olds: olds ?? null } },
    ),
  diff: () => Promise.resolve({ changes: true, replaces: ["a"], detailed: { "b[0]": "update", a: "update-replace" } }),
  async create({ urn, name, inputs, preview }) {
    log.info(urn, `creating ${name}`);
    if (preview) return { id: "", state: { ...inputs, address: UNKNOWN } };
    if (name === "half") throw new InitializationError({ id: "r-1", state: { a: 1 }, reasons: ["no answer"] });
    if (name === "refused") throw Object.assign(new Error("the cloud says no"), { code: "InstanceLimitExceeded" });
    if (name === "defect") return undefined as never;
    if (name === "waits")
      await new Promise((_resolve, reject) =>
        cancelled.addEventListener("abort", () => reject(new Error("stopped waiting"))),
      );
    return { id: "r-1", state: inputs };
  },
  read: ({ id, state }) => Promise.resolve(state ? { id, state, inputs: {} } : undefined),
  update: ({ news }) => Promise.resolve({ state: news }),
  delete: () => Promise.resolve(),
  invoke: (token, args) =>
    Promise.resolve(token === "t:known" ? args : { failures: [{ property: "", reason: "unknown function" }] }),
});

await serveProvider(provider, { name: "test", version: "1.0.0" });
