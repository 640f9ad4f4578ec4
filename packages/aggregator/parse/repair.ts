import { FetchError } from "../fetch/errors.ts";
import { XML_REFERENCES } from "../text/xml.ts";

const ATTRIBUTE_NAME = /^[\w:.-]+$/;
const ELEMENT_NAME = /^[A-Za-z_][\w:.-]*$/;
/** The parser refuses whole documents for these names, which are properties of every object. */
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);
/** Feeds are a few levels deep, XHTML in them some dozens; each level costs the parsers more than the one before. */
const MAX_DEPTH = 500;
/** The same for elements that the parser still has open, as each entry may leave some. */
const MAX_UNCLOSED = 10_000;
const ENTRY = /^(?:(?:atom|rss):)?(?:item|entry)$/i;
/** What holds entries. */
const CONTAINER = /^(?:[\w-]+:)?(?:channel|rss|rdf|feed|items)$/i;
/** They hold a short text, so the next field ends one that was never closed. */
const SHORT_FIELD = /^(?:title|link|guid|id|pubdate|published|updated|category|comments|language|copyright|ttl)$/i;
const FIELD = new RegExp(
  `${SHORT_FIELD.source}|^(?:description|summary|content|content:encoded|author|dc:creator)$`,
  "i",
);

/** A document made well-formed. */
export interface Repaired {
  readonly text: string;
  /** The document ended inside an entry, which is left out. */
  readonly truncated: boolean;
}

/**
 * Rewrites a broken document as well-formed XML: tags balanced, text escaped. What was never closed ends before the next
 * entry or field. Loaded only when a parse failed, so the common case does not pay for the second parser.
 * @throws {FetchError} `parse` for one that is too deep.
 */
export async function repairXml(text: string): Promise<Repaired> {
  const { Parser } = await import("htmlparser2");
  const writer = new BalancedWriter();
  const parser = new Parser(writer, { xmlMode: true, decodeEntities: true, recognizeCDATA: true });
  parser.write(text);
  const truncated = writer.leaveOutOpenEntry();
  parser.end();
  return { text: writer.end(), truncated };
}

interface OpenElement {
  readonly name: string;
  readonly written: string;
  /** Where it begins in what is written. */
  readonly start: number;
}

/** Writes what the parser finds; has its own idea of what is open, as it closes earlier. */
class BalancedWriter {
  readonly #out: string[] = [];
  readonly #open: OpenElement[] = [];
  #unclosed = 0;

  leaveOutOpenEntry(): boolean {
    const index = this.#open.findIndex(({ name }) => ENTRY.test(name));
    if (index === -1) return false;
    this.#out.length = this.#open[index]?.start ?? 0;
    this.#open.length = index;
    return true;
  }

  onopentag(name: string, attributes: Readonly<Record<string, string>>): void {
    if (ENTRY.test(name)) this.#closeUntil((open) => CONTAINER.test(open));
    else if (FIELD.test(name) && SHORT_FIELD.test(this.#open.at(-1)?.name ?? "")) this.#close();
    this.#unclosed += 1;
    if (this.#open.length >= MAX_DEPTH || this.#unclosed > MAX_UNCLOSED)
      throw new FetchError("parse", "the feed is nested too deeply to be read");
    const written = ELEMENT_NAME.test(name) && !RESERVED.has(name) ? name : "unknown";
    this.#open.push({ name, written, start: this.#out.length });
    const list = Object.entries(attributes).filter(([key]) => ATTRIBUTE_NAME.test(key));
    this.#out.push(`<${written}${list.map(([key, value]) => ` ${key}="${escaped(value)}"`).join("")}>`);
  }

  ontext(data: string): void {
    this.#out.push(escaped(data));
  }

  onclosetag(name: string): void {
    this.#unclosed -= 1;
    if (this.#open.some((element) => element.name === name)) {
      this.#closeUntil((open) => open === name);
      this.#close();
    }
  }

  end(): string {
    this.#closeUntil(() => false);
    return this.#out.join("");
  }

  #closeUntil(isLast: (name: string) => boolean): void {
    while (this.#open.length > 0 && !isLast(this.#open.at(-1)?.name ?? "")) this.#close();
  }

  #close(): void {
    const element = this.#open.pop();
    if (element !== undefined) this.#out.push(`</${element.written}>`);
  }
}

const escaped = (text: string) => text.replace(/[<>&"]/g, (character) => XML_REFERENCES[character] ?? character);
