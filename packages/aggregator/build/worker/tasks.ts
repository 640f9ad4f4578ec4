import { type ForeignMonth, readForeignMonth } from "../../archive/monthFile.ts";
import { matchEntries, type TextRules } from "../../entry/textRules.ts";
import { type ForeignRecord, readForeignRecord } from "../../memory/foreignRecord.ts";
import type { RawDocument } from "../../parse/parseDocument.ts";
import type { TextConstruct } from "../../parse/types.ts";
import { TemplateError } from "../../render/liquid.ts";
import { type PageRequest, renderPage } from "../../render/siteFiles.ts";
import { drawSubPage, type SubPage } from "../../render/subPage.ts";
import { htmlOfMarkdown } from "../../render/texts.ts";
import { type CleanEntry, cleanEntry, type DirtyEntry } from "../../sanitize/cleanEntry.ts";
import { type CleanTitle, cleanTitle } from "../../sanitize/titles.ts";
import type { CleanHtml } from "../../text/cleanHtml.ts";
import type { WrittenRecord } from "../feedRecord.ts";
import { type ReadRequest, readDocument } from "../readDocument.ts";
import { type TriedDocument, tryDocument } from "../tryDocument.ts";

/** What is done away from the main thread: everything that reads foreign text. */
export type Task =
  | { readonly kind: "read"; readonly request: ReadRequest }
  /** Of a feed that nobody has subscribed to yet. */
  | { readonly kind: "try"; readonly document: RawDocument }
  | { readonly kind: "match"; readonly rules: TextRules }
  | { readonly kind: "clean"; readonly entry: DirtyEntry }
  /** As one: a page that fails has no texts. */
  | { readonly kind: "cleanAll"; readonly entries: readonly DirtyEntry[] }
  | { readonly kind: "titles"; readonly titles: readonly (TextConstruct | undefined)[] }
  /** Of the archive, as another server has stored it. */
  | { readonly kind: "month"; readonly month: string; readonly text: string }
  /** Of a feed, likewise. */
  | { readonly kind: "recall"; readonly bytes: Uint8Array }
  | { readonly kind: "markdown"; readonly markdown: string }
  | { readonly kind: "draw"; readonly page: SubPage }
  | { readonly kind: "render"; readonly page: PageRequest };

/** What comes back, by kind. */
export interface Results {
  readonly read: WrittenRecord;
  readonly try: TriedDocument;
  readonly match: boolean[];
  readonly clean: CleanEntry;
  readonly cleanAll: CleanEntry[];
  readonly titles: CleanTitle[];
  readonly month: ForeignMonth;
  readonly recall: ForeignRecord;
  readonly markdown: CleanHtml;
  readonly draw: string;
  /** A page, or why there is none: an error would lose its fields on the way. */
  readonly render: string | { readonly template: string; readonly problem: string };
}

function rendered(page: PageRequest): Results["render"] {
  try {
    return renderPage(page);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { template: error.template, problem: error.problem };
  }
}

/** Does one task. Runs in the worker; tests may call it directly. */
export async function perform(task: Task): Promise<Results[Task["kind"]]> {
  switch (task.kind) {
    case "read":
      return await readDocument(task.request);
    case "try":
      return await tryDocument(task.document);
    case "match":
      return matchEntries(task.rules);
    case "clean":
      return cleanEntry(task.entry);
    case "cleanAll":
      return task.entries.map(cleanEntry);
    case "titles":
      return task.titles.map(cleanTitle);
    case "month":
      return readForeignMonth(task.text, task.month);
    case "recall":
      return readForeignRecord(task.bytes);
    case "markdown":
      return htmlOfMarkdown(task.markdown);
    case "draw":
      return drawSubPage(task.page);
    case "render":
      return rendered(task.page);
  }
}
