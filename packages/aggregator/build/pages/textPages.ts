import { TemplateError } from "../../render/liquid.ts";
import { hereOf, subPageOf } from "../../render/subPage.ts";
import { isText, markdownOf } from "../../render/texts.ts";
import type { CleanHtml } from "../../text/cleanHtml.ts";
import type { ReaderPool } from "../worker/readerPool.ts";
import type { PageMaker } from "./pageMaker.ts";
import type { PlannedPage } from "./writePages.ts";

type Content = ReadonlyMap<string, Uint8Array>;

/** A page for each Markdown file of the editors: `about.html` from `about.md`. */
export function* textPages(maker: PageMaker, content: Content): Generator<PlannedPage> {
  const { front, readers } = maker.facts;
  for (const { title, page: address } of front.texts) {
    const here = hereOf("text", address, title);
    const markdown = markdownOf(content, address.replace(/html$/, "md"));
    yield {
      files: [address],
      fingerprint: maker.fingerprint([here, markdown]),
      async make() {
        const page = subPageOf(maker.frame, here, { text_html: await htmlOf(markdown, readers) });
        return { files: new Map([[address, await maker.draw(page)]]), isWhole: true };
      },
    };
  }
}

/** @throws {TemplateError} for the first one that cannot be read: the content that brought it is not taken. */
export async function tryTexts(content: Content, readers: ReaderPool): Promise<void> {
  for (const name of [...content.keys()].filter(isText)) {
    await htmlOf(markdownOf(content, name), readers).catch((error: unknown) => {
      throw new TemplateError(name, "takes too long or too much memory to read", { cause: error });
    });
  }
}

const htmlOf = (markdown: string, readers: ReaderPool): Promise<CleanHtml> =>
  readers.run<"markdown">({ kind: "markdown", markdown });
