/**
 * Templates of the classic planets (Python's htmltmpl): TMPL_VAR, TMPL_IF, TMPL_UNLESS, TMPL_ELSE and TMPL_LOOP. Names are
 * case-insensitive, `###` starts a comment line. Values are escaped unless they are known to be sanitised HTML: old
 * templates expect raw text and would print what a feed says.
 */

export type Value = string | readonly Scope[];
export type Scope = ReadonlyMap<string, Value>;

/** Variables that hold sanitised HTML. */
const HTML_VALUES = new Set(["content", "summary", "title"]);
const TAG = /<(?:!--\s{0,20})?(\/?)TMPL_(VAR|IF|UNLESS|ELSE|LOOP|INCLUDE)\b([^>]{0,2000})>/gi;
const MAX_OUTPUT_LENGTH = 20_000_000;
/** Loops in loops over all entries grow without writing anything. */
const MAX_ROWS = 1_000_000;

type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "var"; readonly name: string; readonly escaping: string; readonly fallback: string }
  | { readonly kind: "if"; readonly name: string; readonly wanted: boolean; readonly yes: Node[]; readonly no: Node[] }
  | { readonly kind: "loop"; readonly name: string; readonly body: Node[] };

interface Open {
  readonly tag: string;
  readonly node: Node | undefined;
  children: Node[];
}

/** @throws {Error} for tags that are not closed, do not fit, or include other files. */
export function renderHtmlTemplate(source: string, scope: Scope): string {
  const nodes = parseTemplate(source.replace(/^[ \t]*###.*(?:\r?\n|$)/gm, ""));
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

function parseTemplate(source: string): Node[] {
  const root: Open = { tag: "", node: undefined, children: [] };
  const stack: Open[] = [root];
  let at = 0;
  for (const match of source.matchAll(TAG)) {
    const [whole, slash = "", tag = "", rest = ""] = match;
    const attributes = rest.replace(/--$/, "");
    top(stack).children.push({ kind: "text", text: source.slice(at, match.index) });
    at = match.index + whole.length;
    if (slash === "/") close(stack, tag.toUpperCase());
    else open(stack, tag.toUpperCase(), attributes);
  }
  if (stack.length > 1) throw new Error(`TMPL_${top(stack).tag} is not closed`);
  root.children.push({ kind: "text", text: source.slice(at) });
  return root.children;
}

function open(stack: Open[], tag: string, attributes: string): void {
  const name = (attribute(attributes, "name") ?? /^\s*["']?([\w.-]+)["']?/.exec(attributes)?.[1] ?? "").toLowerCase();
  const parent = top(stack);
  switch (tag) {
    case "INCLUDE":
      throw new Error("TMPL_INCLUDE is not supported");
    case "ELSE": {
      if (parent.node?.kind !== "if") throw new Error("TMPL_ELSE outside TMPL_IF");
      parent.children = parent.node.no;
      return;
    }
    case "VAR": {
      const escaping = (attribute(attributes, "escape") ?? "").toUpperCase();
      parent.children.push({ kind: "var", name, escaping, fallback: attribute(attributes, "default") ?? "" });
      return;
    }
    default: {
      const node: Node =
        tag === "LOOP" ? { kind: "loop", name, body: [] } : { kind: "if", name, wanted: tag === "IF", yes: [], no: [] };
      parent.children.push(node);
      stack.push({ tag, node, children: node.kind === "loop" ? node.body : node.yes });
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
  return scopes.find((scope) => scope.has(name))?.get(name);
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(attributes);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

function top(stack: readonly Open[]): Open {
  return stack[stack.length - 1] as Open;
}
