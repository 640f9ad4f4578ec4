import { CLASSIC } from "../templateNames.ts";

/**
 * Templates of the classic planets (Python's htmltmpl): TMPL_VAR, TMPL_IF, TMPL_UNLESS, TMPL_ELSE, TMPL_LOOP and TMPL_INCLUDE of
 * another template of the content. Names are case-insensitive, `###` starts a comment. Values are escaped unless they are known
 * to be sanitised HTML: old templates expect raw text and would print what a feed says.
 */

export type Value = string | readonly Scope[];
export type Scope = ReadonlyMap<string, Value>;

/** Variables that hold sanitised HTML. */
const HTML_VALUES = new Set(["content", "summary", "title"]);
const TAG =
  /(?:^[ \t]*###.*(?:\r?\n|$)|### .*)|<(?:!--\s{0,20})?(\/?)TMPL_(VAR|IF|UNLESS|ELSE|LOOP|INCLUDE)\b([^>]{0,2000})>/gim;
const MAX_OUTPUT_LENGTH = 20_000_000;
/** Loops in loops over all entries grow without writing anything; so do templates that include one another. */
const MAX_ROWS = 1_000_000;
/** Of tags in tags. Real templates have three or four. */
const MAX_DEPTH = 100;
/** As htmltmpl has it. */
const MAX_INCLUDES_DEEP = 10;

type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "var"; readonly name: string; readonly escaping: string; readonly fallback: string }
  | { readonly kind: "if"; readonly name: string; readonly wanted: boolean; readonly yes: Node[]; readonly no: Node[] }
  | { readonly kind: "loop"; readonly name: string; readonly body: Node[] }
  | { readonly kind: "include"; readonly body: Node[] };

/** A tag of the template. */
interface Found {
  readonly tag: string;
  readonly attributes: string;
  readonly at: number;
  /** It stands between `<` and `>` of the page's own. */
  readonly isInTag: boolean;
}

interface Open {
  readonly tag: string;
  readonly node: Node | undefined;
  children: Node[];
  /** Where the tag begins. */
  readonly at: number;
}

/**
 * @param name Key of the template in `templates`, which it may include.
 * @throws {Error} for tags that are not closed, do not fit, or include what is not there. Ends with the place, as LiquidJS'
 * errors do.
 */
export function renderHtmlTemplate(name: string, templates: Readonly<Record<string, string>>, scope: Scope): string {
  const nodes = new TemplateReader(templates).read(name);
  const out: string[] = [];
  let [length, rows] = [0, 0];
  const output: Output = {
    write(text) {
      length += text.length;
      if (length > MAX_OUTPUT_LENGTH) throw new Error("the page grows beyond 20 MB");
      out.push(text);
    },
    countRow() {
      rows += 1;
      if (rows > MAX_ROWS) throw new Error("its loops run more than a million times");
    },
  };
  renderNodes(nodes, [scope], output);
  return out.join("");
}

/** Parses each template once, however often it is included. */
class TemplateReader {
  readonly #templates: Readonly<Record<string, string>>;
  readonly #read = new Map<string, Node[]>();
  readonly #reading: string[] = [];

  constructor(templates: Readonly<Record<string, string>>) {
    this.#templates = templates;
  }

  read(name: string): Node[] {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    this.#reading.push(name);
    const nodes = this.#parse(name, this.#templates[name] ?? "");
    this.#reading.pop();
    this.#read.set(name, nodes);
    return nodes;
  }

  #parse(name: string, source: string): Node[] {
    const root: Open = { tag: "", node: undefined, children: [], at: 0 };
    const stack: Open[] = [root];
    let at = 0;
    let isInTag = false;
    for (const match of source.matchAll(TAG)) {
      const [whole, slash, tag, rest = ""] = match;
      const text = source.slice(at, match.index);
      top(stack).children.push({ kind: "text", text });
      isInTag = endsInTag(text, isInTag);
      at = match.index + whole.length;
      if (tag === undefined) continue; // a comment
      try {
        if (slash === "/") close(stack, tag.toUpperCase());
        else
          this.#open(stack, { tag: tag.toUpperCase(), attributes: rest.replace(/--$/, ""), at: match.index, isInTag });
      } catch (error) {
        throw placed(error, name, source, match.index);
      }
    }
    if (stack.length > 1) throw placed(`TMPL_${top(stack).tag} is not closed`, name, source, top(stack).at);
    root.children.push({ kind: "text", text: source.slice(at) });
    return root.children;
  }

  #open(stack: Open[], found: Found): void {
    const { tag, attributes } = found;
    if (tag !== "INCLUDE") {
      open(stack, found);
      return;
    }
    const written = attribute(attributes, "name") ?? /^\s*["']?([^\s"']+)/.exec(attributes)?.[1] ?? "";
    top(stack).children.push({ kind: "include", body: this.#included(written) });
  }

  /** A name, or a path from the old planet's folders: only its last part counts here. */
  #included(written: string): Node[] {
    const path = written.toLowerCase();
    const names = [path, path.replace(/^.*\//s, "")];
    const name = names.find((each) => each.endsWith(CLASSIC) && Object.hasOwn(this.#templates, each));
    if (name === undefined) throw new Error(`TMPL_INCLUDE of ${written}: there is no such .tmpl template in site/`);
    if (this.#reading.includes(name)) throw new Error(`TMPL_INCLUDE of ${name} includes itself`);
    if (this.#reading.length > MAX_INCLUDES_DEEP) throw new Error("TMPL_INCLUDE is more than 10 levels deep");
    return this.read(name);
  }
}

/** An error with its place; that of an included template keeps its own. */
function placed(error: unknown, name: string, source: string, at: number): Error {
  const problem = error instanceof Error ? error.message : String(error);
  if (PLACE.test(problem)) return new Error(problem);
  const lines = source.slice(0, at).split("\n");
  return new Error(`${problem}, file:${name}, line:${lines.length}, col:${(lines.at(-1)?.length ?? 0) + 1}`);
}

const PLACE = /, file:[^,]*, line:\d+, col:\d+$/;

/** Whether the text leaves a tag open, so that what follows is part of an attribute. */
function endsInTag(text: string, before: boolean): boolean {
  const [opened, closed] = [text.lastIndexOf("<"), text.lastIndexOf(">")];
  return opened === closed ? before : opened > closed;
}

function open(stack: Open[], { tag, attributes, at, isInTag }: Found): void {
  const name = (attribute(attributes, "name") ?? /^\s*["']?([\w.-]+)["']?/.exec(attributes)?.[1] ?? "").toLowerCase();
  const parent = top(stack);
  switch (tag) {
    case "ELSE": {
      if (parent.node?.kind !== "if") throw new Error("TMPL_ELSE outside TMPL_IF");
      parent.children = parent.node.no;
      return;
    }
    case "VAR": {
      const written = (attribute(attributes, "escape") ?? "").toUpperCase();
      // A quote in sanitised HTML would end the attribute.
      const escaping = isInTag && written !== "URL" ? "HTML" : written;
      parent.children.push({ kind: "var", name, escaping, fallback: attribute(attributes, "default") ?? "" });
      return;
    }
    default: {
      if (stack.length > MAX_DEPTH) throw new Error(`tags are more than ${MAX_DEPTH} levels deep`);
      const node: Node =
        tag === "LOOP" ? { kind: "loop", name, body: [] } : { kind: "if", name, wanted: tag === "IF", yes: [], no: [] };
      parent.children.push(node);
      stack.push({ tag, node, children: node.kind === "loop" ? node.body : node.yes, at });
    }
  }
}

function close(stack: Open[], tag: string): void {
  if (stack.length < 2 || top(stack).tag !== tag) throw new Error(`/TMPL_${tag} closes nothing`);
  stack.pop();
}

interface Output {
  write(text: string): void;
  /** @throws when there were too many. */
  countRow(): void;
}

function renderNodes(nodes: readonly Node[], scopes: readonly Scope[], output: Output): void {
  for (const node of nodes) {
    if (node.kind === "text") output.write(node.text);
    else if (node.kind === "var") output.write(printed(node, lookup(node.name, scopes)));
    else if (node.kind === "if") {
      const value = lookup(node.name, scopes);
      const isTrue = value !== undefined && value.length > 0 && value !== "0";
      renderNodes(isTrue === node.wanted ? node.yes : node.no, scopes, output);
    } else if (node.kind === "include") {
      output.countRow();
      renderNodes(node.body, scopes, output);
    } else renderLoop(node, scopes, output);
  }
}

function renderLoop(node: Node & { kind: "loop" }, scopes: readonly Scope[], output: Output): void {
  const rows = lookup(node.name, scopes);
  if (rows === undefined || typeof rows === "string") return;
  for (const [index, row] of rows.entries()) {
    const [first, last] = [index === 0, index === rows.length - 1];
    const flag = (value: boolean) => (value ? "1" : "");
    const place: Scope = new Map([
      ["__first__", flag(first)],
      ["__last__", flag(last)],
      ["__inner__", flag(!first && !last)],
      ["__odd__", flag(index % 2 === 0)],
      ["__counter__", String(index + 1)],
      ["__pass__", String(index + 1)],
      ["__passtotal__", String(rows.length)],
    ]);
    output.countRow();
    renderNodes(node.body, [place, row, ...scopes], output);
  }
}

function printed(node: Node & { kind: "var" }, value: Value | undefined): string {
  const text = typeof value === "string" && value !== "" ? value : node.fallback;
  if (node.escaping === "URL") return encodeURIComponent(text);
  if (HTML_VALUES.has(node.name) && node.escaping !== "HTML") return text;
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function lookup(name: string, scopes: readonly Scope[]): Value | undefined {
  const every = /^__every__([1-9]\d{0,5})$/.exec(name)?.[1];
  if (every !== undefined) return isEvery(Number(every), scopes) ? "1" : "";
  return scopes.find((scope) => scope.has(name))?.get(name);
}

/** As in htmltmpl, never in the first and the last pass of a loop. */
function isEvery(count: number, scopes: readonly Scope[]): boolean {
  const [pass, total] = [Number(lookup("__pass__", scopes)), Number(lookup("__passtotal__", scopes))];
  return pass > 1 && pass < total && pass % count === 0;
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(attributes);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

function top(stack: readonly Open[]): Open {
  return stack[stack.length - 1] as Open;
}
