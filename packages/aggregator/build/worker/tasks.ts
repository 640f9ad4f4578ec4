import { matchEntries, type TextRules } from "../../entry/textRules.ts";
import { type ParsedDocument, parseDocument, type RawDocument } from "../../parse/parseDocument.ts";
import { type CleanEntry, cleanEntry, type DirtyEntry } from "../../sanitize/cleanEntry.ts";

/** What is done away from the main thread: everything that reads foreign text. */
export type Task =
  | { readonly kind: "parse"; readonly document: RawDocument }
  | { readonly kind: "match"; readonly rules: TextRules }
  | { readonly kind: "clean"; readonly entry: DirtyEntry };

/** What comes back, by kind. */
export interface Results {
  readonly parse: ParsedDocument;
  readonly match: boolean[];
  readonly clean: CleanEntry;
}

/** Does one task. Runs in the worker; tests may call it directly. */
export async function perform(task: Task): Promise<Results[Task["kind"]]> {
  switch (task.kind) {
    case "parse":
      return await parseDocument(task.document);
    case "match":
      return matchEntries(task.rules);
    case "clean":
      return cleanEntry(task.entry);
  }
}
