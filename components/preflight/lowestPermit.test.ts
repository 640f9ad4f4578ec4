import { describe, expect, test } from "@jest/globals";
import type { LiveObject } from "@planet/content/live";
import { checkPermit } from "./lowestPermit.ts";

const bucketWith =
  (text: string) =>
  async (key: string): Promise<LiveObject> => {
    return key === "goes-with-bucket/permit" ? { state: "present", bytes: Buffer.from(text) } : { state: "missing" };
  };

describe("checkPermit", () => {
  test.each([
    ["the same", 2, bucketWith("2\n")],
    ["a higher one", 3, bucketWith("2\n")],
    ["the first in a bucket that has had none", 1, async (): Promise<LiveObject> => ({ state: "missing" })],
    ["any where somebody has written something else", 1, bucketWith("<html>")],
  ])("takes %s", (_, permit, read) => expect(checkPermit(permit, read)).resolves.toBeUndefined());

  test("refuses a lower one, and says which", async () => {
    await expect(checkPermit(1, bucketWith("2\n"))).rejects.toMatchObject({
      code: "PERMIT_LOWERED",
      message: expect.stringContaining("config set planet:permit 2"),
    });
  });
});
