import { expect, test } from "@jest/globals";
import { Known } from "./known.ts";

test("what has the same key is done once, and named after the first; what has none is done each time", async () => {
  const known = new Known<number>();
  let done = 0;
  const work = async () => ++done;
  expect(await known.once("key", "first", work)).toEqual({ value: 1 });
  expect(await known.once("key", "second", work)).toEqual({ value: 1, sameAs: "first" });
  expect(await known.once("other", "third", work)).toEqual({ value: 2 });
  expect(await known.once(undefined, "fourth", work)).toEqual({ value: 3 });
  expect(await known.once(undefined, "fifth", work)).toEqual({ value: 4 });
  expect(known.spared).toBe(1);
});

test("work that failed is not known", async () => {
  const known = new Known<number>();
  await expect(known.once("key", "first", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await known.once("key", "second", async () => 2)).toEqual({ value: 2 });
});
