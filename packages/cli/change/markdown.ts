import type { Line } from "./line.ts";
import type { Block, Report } from "./report.ts";

/** What GitHub accepts for one comment. Counted in UTF-16 units, which are never fewer than its characters. */
export const COMMENT_LIMIT = 65_536;

/** First line of the comment, by which the next run finds it. One comment per stack. */
export const commentMarker = (stack: string): string => `<!-- planet preview of stack ${stack} -->`;

/**
 * The report as a pull request comment. Whatever others have written stands in code spans and fences, where neither
 * markup nor HTML nor mentions are read; only our own words are Markdown.
 */
export function renderMarkdown(report: Report, limit: number = COMMENT_LIMIT): string {
  const head = `${commentMarker(report.stack)}\n### Planet ${span(report.stack)}: ${inline(report.headline)}\n`;
  const foot = report.footer.length > 0 ? `\n---\n${report.footer.map(inline).join("\n")}\n` : "";
  let room = limit - head.length - foot.length;
  const bodies = report.blocks.map((block) => {
    const body = fit(pieces(block), room);
    room -= body.length;
    return body;
  });
  return head + bodies.join("") + foot;
}

/** A block that can lose lines from its end: what remains is closed and says how much is missing. */
interface Pieces {
  readonly open: string;
  readonly lines: readonly string[];
  readonly close: string;
  readonly noun: string;
}

/** The words for what was cut, as long as they can get. */
const NOTE_LENGTH = 120;

function fit({ open, lines, close, noun }: Pieces, room: number): string {
  const whole = open + lines.join("") + close;
  if (whole.length <= room) return whole;
  const kept: string[] = [];
  let left = room - open.length - close.length - NOTE_LENGTH;
  for (const text of lines) {
    left -= text.length;
    if (left < 0) break;
    kept.push(text);
  }
  const note = `\n_Truncated: ${lines.length - kept.length} more ${noun}. \`npx planet preview\` shows all._\n`;
  if (kept.length > 0) return open + kept.join("") + close + note;
  // Not even its title fits with a line below it: every block still says that it is there, as long as there is room.
  return note.length <= room ? note : "";
}

function pieces(block: Block): Pieces {
  if (block.kind === "list") {
    const lines = block.items.map((item) => `- ${inline(item)}\n`);
    return { open: `\n#### ${block.title}\n`, lines, close: "", noun: "items" };
  }
  const fence = "`".repeat(Math.max(3, longestRun(block.lines.join("\n")) + 1));
  const open = `${fence}${block.language}\n`;
  const lines = block.lines.map((text) => `${text}\n`);
  const title = inline(block.title);
  return block.folded
    ? {
        open: `\n<details><summary>${html(block.title)}</summary>\n\n${open}`,
        lines,
        close: `${fence}\n\n</details>\n`,
        noun: "lines",
      }
    : { open: `\n#### ${title}\n${open}`, lines, close: `${fence}\n`, noun: "lines" };
}

const inline = (line: Line): string =>
  line.map((part) => (typeof part === "string" ? part : span(part.quoted))).join("");

/** The same inside an HTML block, where Markdown is not read: a code span would protect nothing. */
const html = (line: Line): string =>
  line.map((part) => (typeof part === "string" ? escaped(part) : `<code>${escaped(part.quoted)}</code>`)).join("");

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replace(/\s+/g, " ");

/** A code span that its own text cannot end. Source: CommonMark 0.31, 6.1 Code spans. */
function span(text: string): string {
  const single = text.replace(/\s+/g, " ").trim();
  if (single === "") return "(empty)";
  const ticks = "`".repeat(longestRun(single) + 1);
  const gap = single.startsWith("`") || single.endsWith("`") ? " " : "";
  return `${ticks}${gap}${single}${gap}${ticks}`;
}

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
