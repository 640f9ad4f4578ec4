import { type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes, defaultTreeAdapter, html, Parser } from "parse5";

export type Element = DefaultTreeAdapterTypes.Element;
export type Node = DefaultTreeAdapterTypes.ChildNode;

/** What a browser makes of a piece of HTML. */
export interface HtmlTree {
  readonly nodes: readonly Node[];
  /** `cut`: there were more elements than we read. `deep`: the nesting ends nowhere, and the tree is not to be used. */
  readonly state: "whole" | "cut" | "deep";
}

/** More than a reader's 256 KB of markup can hold. It also bounds what one short tag can make the parser repeat. */
const MAX_NODES = 60_000;
/** Browsers stop at 512. Whoever walks the tree may call itself for each level. */
const MAX_OPEN_ELEMENTS = 512;
const { NS } = html;

class Limit extends Error {
  readonly state: "cut" | "deep";
  constructor(state: "cut" | "deep") {
    super(state);
    this.state = state;
  }
}

/**
 * The tree that the HTML standard's own algorithm builds inside a `div` without scripting. Never throws; its time is
 * bounded by the two limits.
 */
export function parseHtml(text: string): HtmlTree {
  const inside = defaultTreeAdapter.createElement("div", NS.HTML, []);
  const options = { scriptingEnabled: false, treeAdapter: boundedAdapter() };
  const parser = Parser.getFragmentParser<DefaultTreeAdapterMap>(inside, options);
  try {
    parser.tokenizer.write(text, true);
    return { nodes: parser.getFragment().childNodes, state: "whole" };
  } catch (error) {
    if (!(error instanceof Limit)) throw error;
    return { nodes: error.state === "cut" ? parser.getFragment().childNodes : [], state: error.state };
  }
}

export const isElement = (node: Node): node is Element => defaultTreeAdapter.isElementNode(node);
export const isText = (node: Node): node is DefaultTreeAdapterTypes.TextNode => defaultTreeAdapter.isTextNode(node);
/** SVG and MathML are not. */
export const isHtml = ({ namespaceURI }: Element): boolean => namespaceURI === NS.HTML;

export function attribute({ attrs }: Element, name: string): string | undefined {
  return attrs.find((each) => each.name === name)?.value;
}

export const attributesOf = ({ attrs }: Element): Record<string, string> =>
  Object.fromEntries(attrs.map(({ name, value }) => [name, value]));

/** All elements below, parents before their children. */
export function* elementsOf(nodes: readonly Node[]): Generator<Element> {
  for (const node of nodes) {
    if (!isElement(node)) continue;
    yield node;
    yield* elementsOf(node.childNodes);
  }
}

/** The characters of all text below, as written. */
export function charactersOf(nodes: readonly Node[]): string {
  return nodes
    .map((node) => (isText(node) ? node.value : isElement(node) ? charactersOf(node.childNodes) : ""))
    .join("");
}

function boundedAdapter(): typeof defaultTreeAdapter {
  let nodes = 0;
  let open = 0;
  return {
    ...defaultTreeAdapter,
    createElement(...given) {
      nodes += 1;
      if (nodes > MAX_NODES) throw new Limit("cut");
      return defaultTreeAdapter.createElement(...given);
    },
    onItemPush() {
      open += 1;
      if (open > MAX_OPEN_ELEMENTS) throw new Limit("deep");
    },
    onItemPop() {
      open -= 1;
    },
  };
}
