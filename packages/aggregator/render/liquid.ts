import { Liquid } from "liquidjs";
import { themeTemplates } from "./theme/templates.ts";

/** A template that is not used, with the reason; it rejects the content that brought it. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly template: string;
  /** Without the name. */
  readonly problem: string;

  constructor(template: string, problem: string, options?: ErrorOptions) {
    super(`${template}: ${problem}`, options);
    this.template = template;
    this.problem = problem;
  }
}

/** Of wall time: a front page with a thousand subscriptions takes 2 s on a small machine with other work. */
const RENDER_LIMIT_MS = 8_000;
const MEMORY_LIMIT = 5e7;
const PARSE_LIMIT = 2e6;
/**
 * Only sanitised HTML may be printed unescaped; its variables have names that end in `_html`. A guard against slips alone:
 * `{% assign x_html = name %}` passes it. What keeps a script from running is the page's Content-Security-Policy.
 */
const RAW_FILTER = /\|\s*raw\b/g;
/** As far back as a variable's name before the filter is looked for. */
const MAX_VARIABLE_LENGTH = 200;

/**
 * Renders one of the templates. Templates come from the bucket, so they are data that may be wrong or hostile: they see
 * own properties of plain values only, reach no file, and end by time and memory.
 * @throws {TemplateError}
 */
export function renderLiquid(name: string, templates: Readonly<Record<string, string>>, scope: object): string {
  for (const [file, source] of Object.entries(templates)) refuseRaw(file, source);
  return rendered(engineOf(templates), name, scope);
}

let builtIn: Liquid | undefined;

/** Renders one of the theme's own templates, which are read once for many pages. */
export function renderBuiltIn(name: string, scope: object): string {
  builtIn ??= engineOf(themeTemplates());
  return rendered(builtIn, name, scope);
}

function engineOf(templates: Readonly<Record<string, string>>): Liquid {
  return new Liquid({
    cache: true,
    outputEscape: "escape",
    ownPropertyOnly: true,
    strictFilters: true,
    relativeReference: false,
    dynamicPartials: true, // quoted names, as everybody writes them; every name is looked up in `templates` alone
    templates: { ...templates },
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    parseLimit: PARSE_LIMIT,
  });
}

function rendered(liquid: Liquid, name: string, scope: object): string {
  try {
    return String(liquid.renderFileSync(name, scope));
  } catch (error) {
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new TemplateError(name, inOurWords(message), { cause: error });
  }
}

/** What LiquidJS says in words of JavaScript; the place stays behind it. */
function inOurWords(message: string): string {
  return message
    .replace(/^ENOENT: Failed to lookup ("[^"]*") in "\."/, "there is no piece $1")
    .replace(/^Maximum call stack size exceeded/, "this piece includes itself, or others that include it");
}

function refuseRaw(file: string, source: string): void {
  for (const { index } of source.matchAll(RAW_FILTER)) {
    const before = source.slice(Math.max(0, index - MAX_VARIABLE_LENGTH), index);
    const variable = /([^\s{|]*)\s*$/.exec(before)?.[1] ?? "";
    if (!/^[\w.]*_html$/.test(variable)) {
      throw new TemplateError(
        file,
        `"${variable}" must not be printed with the filter raw; only names ending in _html may${placeOf(file, source, index)}`,
      );
    }
  }
}

/** As LiquidJS ends its sentences. */
function placeOf(file: string, source: string, index: number): string {
  const lines = source.slice(0, index).split("\n");
  return `, file:${file}, line:${lines.length}, col:${(lines.at(-1)?.length ?? 0) + 1}`;
}
