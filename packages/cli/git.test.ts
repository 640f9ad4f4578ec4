import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { mergeFile } from "./git.ts";

/** What one side does to a line: keeps it, drops it, changes it, or puts one before it. */
const change = fc.constantFrom("keep", "keep", "keep", "drop", "change", "insert");
type Change = "keep" | "drop" | "change" | "insert";

const bytes = (lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(""));
const linesOf = (text: Uint8Array) => Buffer.from(text).toString().split("\n").slice(0, -1);

/** Lines of a side; those that are new in it carry its name. */
function edited(side: string, changes: readonly Change[]): string[] {
  return changes.flatMap((each, index) => {
    if (each === "drop") return [];
    if (each === "change") return [`${side} ${index}`];
    return each === "insert" ? [`${side} ${index}`, `line ${index}`] : [`line ${index}`];
  });
}

describe("mergeFile (proves git's work as we use it)", () => {
  test("loses no line of either side without a conflict, and keeps the order of both", async () => {
    let [merges, conflicts] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(change, change), { maxLength: 12 }), async (pairs) => {
        const ancestor = pairs.map((_, index) => `line ${index}`);
        const ours = edited(
          "ours",
          pairs.map(([one]) => one),
        );
        const theirs = edited(
          "theirs",
          pairs.map(([, other]) => other),
        );
        const after = await mergeFile({ ancestor: bytes(ancestor), ours: bytes(ours), theirs: bytes(theirs) });
        if (!after) {
          conflicts++;
          return;
        }
        merges++;
        const lines = linesOf(after);
        // What a side lacks is what the other has added, or what the side itself has dropped.
        const [dropped, added] = [
          (side: string[]) => ancestor.filter((line) => !side.includes(line)),
          (side: string[]) => side.filter((line) => !ancestor.includes(line)),
        ];
        expect(lines.filter((line) => !added(theirs).includes(line))).toEqual(
          ours.filter((line) => !dropped(theirs).includes(line)),
        );
        expect(lines.filter((line) => !added(ours).includes(line))).toEqual(
          theirs.filter((line) => !dropped(ours).includes(line)),
        );
      }),
      { numRuns: 60 },
    );
    expect([merges > 5, conflicts > 5]).toEqual([true, true]);
  }, 30_000);

  test("refuses what is not text, and says what to do", async () => {
    const binary = Buffer.from("a\0b\n");
    const result = mergeFile({ ancestor: binary, ours: Buffer.from("a\0c\n"), theirs: Buffer.from("a\0d\n") });
    await expect(result).rejects.toMatchObject({
      code: "MERGE_FAILED",
      why: expect.stringContaining("Cannot merge binary files"),
      next: expect.stringMatching(/by hand.*Nothing was changed/),
    });
  });

  test("says that git is missing", async () => {
    const text = Buffer.from("a\n");
    const result = mergeFile({ ancestor: text, ours: text, theirs: text }, { PATH: "/nowhere" });
    await expect(result).rejects.toMatchObject({
      code: "NO_GIT",
      next: expect.stringMatching(/Install git.*Nothing was changed/),
    });
  });
});
