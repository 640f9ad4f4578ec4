import { describe, expect, test } from "@jest/globals";
import { InitializationError } from "./initializationError.ts";
import { createSecretKeeper } from "./keepSecrets.ts";
import type { Logger, Provider } from "./provider.ts";
import { type Inputs, Secret, UNKNOWN } from "./values.ts";

const ABOUT = { urn: "urn", type: "t", name: "n" };
const CREATE = { ...ABOUT, preview: false, timeoutSeconds: 0 };
const secret = new Secret("hush-hush");
/** What a provider makes of its inputs: it repeats them, alone and in other texts. */
const outputs = (inputs: Inputs): Inputs => ({ ...inputs, tagsAll: inputs.tags ?? {}, arn: `arn:${inputs.name}/x` });

function kept(changes: Partial<Provider> = {}) {
  const asked: unknown[] = [];
  const plain: Provider = {
    configure: async () => {},
    check: async ({ news }) => ({ inputs: news }),
    diff: async () => ({ changes: false, replaces: [], detailed: {} }),
    create: async ({ inputs }) => {
      asked.push(inputs);
      return { id: "i", state: outputs(inputs) };
    },
    read: async ({ id, inputs = {} }) => ({ id, inputs, state: outputs(inputs) }),
    update: async ({ news }) => ({ state: outputs(news) }),
    delete: async () => {},
    invoke: async (_, args) => args,
    ...changes,
  };
  const keeper = createSecretKeeper();
  return { asked, keeper, provider: keeper.provider(plain) };
}

describe("what a request marks as secret", () => {
  test("is plain for the provider", async () => {
    const { provider, asked } = kept();
    await provider.create({ ...CREATE, inputs: { tags: { a: secret, b: "open" }, list: new Secret(["x"]) } });
    expect(asked).toEqual([{ tags: { a: "hush-hush", b: "open" }, list: ["x"] }]);
  });

  test("is secret in what a create answers: at its path, and wherever it is repeated", async () => {
    const { provider } = kept();
    const inputs = {
      tags: { a: secret, b: "open" },
      name: secret,
      port: new Secret(80),
      map: new Secret({ c: "words" }),
    };
    expect((await provider.create({ ...CREATE, inputs })).state).toEqual({
      ...inputs,
      tagsAll: { a: secret, b: "open" },
      arn: new Secret("arn:hush-hush/x"),
    });
  });

  test("is secret in the checked inputs, and unknown stays unknown", async () => {
    const { provider } = kept({
      check: async ({ news }) => ({ inputs: { ...news, name: "hush-hush-1234", a: UNKNOWN } }),
    });
    const news = { prefix: secret, a: UNKNOWN };
    expect(await provider.check({ ...ABOUT, news, randomSeed: new Uint8Array() })).toEqual({
      inputs: { ...news, name: new Secret("hush-hush-1234") },
    });
  });

  test("is secret after a refresh, though it was changed outside", async () => {
    const live = { tags: { a: "other", b: "open" } };
    const { provider } = kept({ read: async ({ id }) => ({ id, inputs: live, state: outputs(live) }) });
    const inputs = { tags: { a: secret, b: "open" } };
    const state = { tagsAll: { a: secret } };
    const marked = { a: new Secret("other"), b: "open" };
    expect(await provider.read({ ...ABOUT, id: "i", state, inputs })).toMatchObject({
      ...{ inputs: { tags: marked } },
      state: { tags: marked, tagsAll: marked },
    });
  });

  test("is secret in an update's answer, and no longer when it is given openly", async () => {
    const { provider } = kept();
    const request = { ...ABOUT, id: "i", preview: false, timeoutSeconds: 0, ignoreChanges: [] };
    const old = { tags: { a: secret } };
    const update = (news: Inputs) => provider.update({ ...request, news, oldInputs: old, olds: outputs(old) });
    expect((await update({ tags: { a: new Secret("next") } })).state.tagsAll).toEqual({ a: new Secret("next") });
    expect((await update({ tags: { a: "hush-hush" } })).state.tagsAll).toEqual({ a: "hush-hush" });
  });

  test("makes a whole list secret: a cloud may answer in another order", async () => {
    const { provider } = kept({ create: async () => ({ id: "i", state: { list: ["b", "a"], other: ["c", "a"] } }) });
    expect((await provider.create({ ...CREATE, inputs: { list: [new Secret("a"), "b"] } })).state).toEqual({
      list: new Secret(["b", "a"]),
      other: ["c", new Secret("a")],
    });
  });

  test("a short text is not looked for inside others", async () => {
    const { provider } = kept();
    const { state } = await provider.create({ ...CREATE, inputs: { name: new Secret("rn") } });
    expect(state.arn).toBe("arn:rn/x");
  });
});

describe("a secret is in no sentence that leaves the process", () => {
  const failing = (property: string) =>
    kept({ check: async () => ({ failures: [{ property, reason: '"hush-hush" is not a name' }] }) }).provider;

  test.each([
    ["name", { property: "", reason: 'name: "[secret]" is not a name' }],
    ["tags", { property: "", reason: 'tags: "[secret]" is not a name' }],
    ["tags.a", { property: "", reason: 'tags.a: "[secret]" is not a name' }],
    ["list[0].b", { property: "", reason: 'list[0].b: "[secret]" is not a name' }],
    ["open", { property: "open", reason: '"[secret]" is not a name' }],
  ])("a failed check of %s", async (property, failure) => {
    const news = { name: secret, tags: { a: secret, b: "" }, list: [{ b: secret }], open: "x" };
    const result = await failing(property).check({ ...ABOUT, news, randomSeed: new Uint8Array() });
    expect(result).toEqual({ failures: [failure] });
  });

  test("the error of a call", async () => {
    const { provider } = kept({ create: async () => Promise.reject(new TypeError("no hush-hush")) });
    const created = provider.create({ ...CREATE, inputs: { name: secret } });
    await expect(created).rejects.toMatchObject({ message: "no [secret]", stack: expect.not.stringContaining("hush") });
  });

  test("what exists and is not complete keeps its state, marked", async () => {
    const facts = { id: "i", state: { tagsAll: { a: "hush-hush" } }, reasons: ["no tag hush-hush"] };
    const { provider } = kept({ create: async () => Promise.reject(new InitializationError(facts)) });
    await expect(provider.create({ ...CREATE, inputs: { tags: { a: secret } } })).rejects.toMatchObject({
      ...{ name: "InitializationError", id: "i", message: "no tag [secret]", reasons: ["no tag [secret]"] },
      state: { tagsAll: { a: secret } },
    });
  });

  test("a message, also as JSON writes it, and a short one in quotes", async () => {
    const { keeper, provider } = kept();
    await provider.create({ ...CREATE, inputs: { a: new Secret('say "it"'), b: new Secret("80") } });
    const said: string[] = [];
    const log: Logger = {
      debug: () => {},
      status: () => {},
      info: (_, text) => void said.push(text),
      warning: () => {},
    };
    keeper.logger(log).info("urn", String.raw`say "it", "say \"it\"", "80", 800`);
    expect(said).toEqual(['[secret], "[secret]", "[secret]", 800']);
  });
});
