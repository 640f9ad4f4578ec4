import { XML_REFERENCES } from "../text/xml.ts";

const ATTRIBUTE_NAME = /^[\w:.-]+$/;
const ELEMENT_NAME = /^[A-Za-z_][\w:.-]*$/;
/** The parser refuses whole documents for these names, which are properties of every object. */
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/** A document made well-formed. */
export interface Repaired {
  readonly text: string;
  /** The document ended inside an element: its last entry is not whole. */
  readonly truncated: boolean;
}

/**
 * Rewrites a broken document as well-formed XML: tags balanced, text escaped. Loaded only when a parse failed, so the
 * common case does not pay for the second parser.
 */
export async function repairXml(text: string): Promise<Repaired> {
  const { Parser } = await import("htmlparser2");
  const out: string[] = [];
  const open: string[] = [];
  let closedByEnd = 0;
  let ended = false;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const written = ELEMENT_NAME.test(name) && !RESERVED.has(name) ? name : "unknown";
        open.push(written);
        const list = Object.entries(attributes).filter(([key]) => ATTRIBUTE_NAME.test(key));
        out.push(`<${written}${list.map(([key, value]) => ` ${key}="${escaped(value)}"`).join("")}>`);
      },
      ontext: (data) => out.push(escaped(data)),
      onclosetag() {
        if (ended) closedByEnd += 1;
        out.push(`</${open.pop() ?? "unknown"}>`);
      },
    },
    { xmlMode: true, decodeEntities: true, recognizeCDATA: true },
  );
  parser.write(text);
  ended = true;
  parser.end();
  return { text: out.join(""), truncated: closedByEnd > 0 };
}

const escaped = (text: string) => text.replace(/[<>&"]/g, (character) => XML_REFERENCES[character] ?? character);
