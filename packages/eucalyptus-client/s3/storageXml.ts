import { XMLParser } from "fast-xml-parser";
import type { HttpAnswer } from "../http/exchange.ts";
import { IncompleteAnswer } from "../http/foreignAnswer.ts";
import { rootOf } from "../http/ownAnswer.ts";

/** An element without children is read as "", and a repeated one as a list wherever it may be. */
const REPEATED = ["Bucket", "Contents", "Grant"];

/** What is in the root of the storage's XML. @throws {IncompleteAnswer} when it is another document or half of one. */
export function storageXml<T>({ body }: HttpAnswer, root: string): T {
  const text = body.toString("utf8");
  if (rootOf(text) !== root) throw new IncompleteAnswer(`no whole ${root}`);
  const isArray = (name: string) => REPEATED.includes(name);
  // Keys may begin or end with blanks: they are not trimmed.
  const parser = new XMLParser({ parseTagValue: false, trimValues: false, removeNSPrefix: true, isArray });
  return (parser.parse(text) as Record<string, T>)[root] as T;
}
