import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type OrderRecord, readOrderRecord, writeOrderRecord } from "./orderRecord.ts";

const record: OrderRecord = {
  schema: 1,
  time: "2026-11-29T18:00:00.000Z",
  by: "i-0a1b2c3d",
  names: ["planet.example.org"],
  result: "failed",
  message: "the certificate authority is not reachable",
  notBefore: "2026-11-29T19:00:00.000Z",
};

test("what was written is read back", () => {
  expect(readOrderRecord(writeOrderRecord(record))).toEqual(record);
});

test("whoever wrote it, it is bounded and has no line breaks", () => {
  const odd = { ...record, message: "a\n".repeat(9_999), by: "b".repeat(999), names: Array(99).fill("c\td") };
  const read = readOrderRecord(JSON.stringify(odd));
  expect(read?.message).toMatch(/^[a ]{1000}$/);
  expect(read?.by).toHaveLength(64);
  expect(read?.names).toEqual(Array(10).fill("c d"));
});

test.each(["", "[]", "{}", JSON.stringify({ ...record, schema: 2 }), JSON.stringify({ ...record, time: "soon" })])(
  "%j is none",
  (text) => expect(readOrderRecord(text)).toBeUndefined(),
);

test("any JSON is read without an error", () => {
  fc.assert(fc.property(fc.json(), (text) => void readOrderRecord(text)));
});
