import { expect, test } from "@jest/globals";
import {
  BELOW,
  COMPLETE_TAG,
  FOLDER_MARKS,
  GOES_WITH_BUCKET,
  HELD_BY_STATE,
  isMarked,
  REPLACES_TAG,
  STACK_TAG,
} from "./marks.ts";

test("the marks are spelled as they stand in clouds and buckets", () => {
  expect([COMPLETE_TAG, REPLACES_TAG, STACK_TAG]).toEqual(["pulumi:complete", "pulumi:replaces", "pulumi:stack"]);
  expect([GOES_WITH_BUCKET, HELD_BY_STATE]).toEqual([{ "goes-with": "bucket" }, { "held-by": "state" }]);
  expect([FOLDER_MARKS, BELOW]).toEqual(["goes-with-bucket/", "below"]);
});

test("an object has a mark beside other metadata, and by its value too", () => {
  expect(isMarked({ "goes-with": "bucket", mtime: "1" }, GOES_WITH_BUCKET)).toBe(true);
  expect(isMarked({ "goes-with": "me" }, GOES_WITH_BUCKET)).toBe(false);
  expect(isMarked({ "held-by": "state" }, GOES_WITH_BUCKET)).toBe(false);
  expect(isMarked({}, GOES_WITH_BUCKET)).toBe(false);
});
