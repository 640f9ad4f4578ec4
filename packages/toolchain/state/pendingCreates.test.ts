import { expect, test } from "@jest/globals";
import { pendingCreates } from "./pendingCreates.ts";

const [early, late] = ["2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"];
const begun = (created?: string, type = "creating") => ({ type, resource: { urn: "u", ...(created && { created }) } });

test.each<[string, object, boolean[]]>([
  ["nothing is pending", { resources: [] }, []],
  ["another step was begun", { pending_operations: [begun(early, "updating")] }, []],
  ["it was not made", { resources: [{ urn: "v", created: late }], pending_operations: [begun()] }, [false]],
  ["it was made since", { resources: [{ urn: "u", created: late }], pending_operations: [begun()] }, [true]],
  [
    "the one before is there",
    { resources: [{ urn: "u", created: early }], pending_operations: [begun(early)] },
    [false],
  ],
  [
    "the one before was replaced since",
    { resources: [{ urn: "u", created: late }], pending_operations: [begun(early)] },
    [true],
  ],
  [
    "only a condemned one is there",
    { resources: [{ urn: "u", created: late, delete: true }], pending_operations: [begun()] },
    [false],
  ],
  [
    "it was begun twice and made",
    { resources: [{ urn: "u", created: late }], pending_operations: [begun(), begun(early)] },
    [true, true],
  ],
])("%s", (_, deployment, settled) => {
  expect(pendingCreates(deployment).map(({ isSettled }) => isSettled)).toEqual(settled);
});
