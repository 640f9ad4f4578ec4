import { expect } from "@jest/globals";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { type DefaultTreeAdapterMap, parse, parseFragment, serialize } from "parse5";
import { attribute, elementsOf } from "../htmlTree.ts";
import { ALLOWED_ATTRIBUTES, ALLOWED_TAGS } from "../policy.ts";

/** As entries stand in the page. A list around it makes an item that is not in a list of its own close ours. */
const AROUND = ['<main><ul><li><article><div id="root">', '</div></article></li></ul></main><p id="after"></p>'];

/** Fails unless this clean HTML stays what it is within the page: nothing but what is allowed, closing nothing of ours. */
export function expectHarmless(out: string): void {
  const page = parse(`<!doctype html><body>${AROUND.join(out)}</body>`);
  expect(parentOf(page, "after")).toBe("body");
  const root = [...elementsOf(page.childNodes)].find((element) => attribute(element, "id") === "root");
  expect(serialize(root as Element)).toBe(serialize(parseFragment(out)));
  visit(parseFragment(out), checkElement);
  expect(XMLValidator.validate(`<x>${out}</x>`)).toBe(true);
  new XMLParser().parse(`<x>${out}</x>`);
}

type Node = DefaultTreeAdapterMap["node"];
type Element = DefaultTreeAdapterMap["element"];

function checkElement(element: Element): void {
  // tbody and colgroup are supplied by the parser itself.
  expect(ALLOWED_TAGS).toContain(element.tagName);
  for (const { name, value } of element.attrs) {
    expect([...(ALLOWED_ATTRIBUTES[element.tagName] ?? []), "dir", "lang"]).toContain(name);
    if (["href", "src", "cite", "poster"].includes(name))
      expect(value).toMatch(/^(?:https?:\/\/|mailto:|tel:|data:image\/(?:png|gif|jpeg|webp);base64,)/);
  }
}

function visit(node: Node, check: (element: Element) => void): void {
  if ("tagName" in node) check(node);
  if ("childNodes" in node) for (const child of node.childNodes) visit(child, check);
}

function parentOf(root: Node, id: string): string | undefined {
  let found: string | undefined;
  visit(root, (element) => {
    if (element.attrs.some(({ name, value }) => name === "id" && value === id)) found = element.parentNode?.nodeName;
  });
  return found;
}
