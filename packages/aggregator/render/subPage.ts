import type { CleanHtml } from "../text/cleanHtml.ts";
import { rootOf } from "./addresses.ts";
import { renderBuiltIn } from "./liquid.ts";
import type { PageModel } from "./types.ts";

/** What a page other than the front page is. Only the built-in theme draws such pages, so only it has this variable. */
export interface Here {
  readonly kind: "category" | "feed" | "month" | "months" | "text";
  /** `feed/jane-example-1a2b3c4d.html`. */
  readonly address: string;
  /** Back to the folder of the planet: `../`, or empty. */
  readonly root: string;
  readonly title: string;
  /** Address of its own Atom feed, or empty. */
  readonly feed: string;
}

/** A page of the archive in the list of months. */
export interface MonthModel {
  readonly address: string;
  readonly text: string;
  /** Of its entries. */
  readonly count: number;
}

/** A page of the planet; its addresses are relative to the folder of the planet, as on the front page. */
export interface SubPage extends PageModel {
  readonly here: Here;
  readonly newer?: string;
  /** Entries as a list, without their texts: titleList.ts. */
  readonly titles_html?: CleanHtml;
  readonly text_html?: CleanHtml;
  readonly months?: readonly MonthModel[];
}

export function hereOf(kind: Here["kind"], address: string, title: string, feed = ""): Here {
  return { kind, address, root: rootOf(address), title, feed };
}

/** What a page shows of its own. */
type PageParts = Partial<Omit<SubPage, "here">>;

/** `frame`: of `frameOf`. */
export function subPageOf(frame: PageModel, here: Here, parts: PageParts): SubPage {
  const feed = here.feed === "" && URL.canParse(frame.feed) ? frame.feed : here.root + (here.feed || frame.feed);
  return { ...frame, ...parts, feed, here };
}

/** What all pages have in common: the front page without what changes from run to run. */
export function frameOf(front: PageModel): PageModel {
  return { ...front, days: [], items: [], channels: [], older: "", last_updated: null };
}

/** Runs in the reader thread, which ends what does not end by itself. */
export const drawSubPage = (page: SubPage): string => renderBuiltIn("index.html.liquid", page);
