import type { Line } from "./line.ts";
import type { Block, Report } from "./report.ts";

/** More lines of one difference hide the rest of the report; `git diff` has them all. */
const CODE_LIMIT_LINES = 60;

/** The report for a terminal of any width: indented text without colours. */
export function renderTerminal(report: Report): string {
  const parts = [
    [`${report.stack}: ${plain(report.headline)}`],
    ...report.blocks.map(renderBlock),
    ...(report.footer.length > 0 ? [report.footer.map(plain)] : []),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function renderBlock(block: Block): string[] {
  if (block.kind === "list") return [block.title, ...block.items.map((item) => `  ${plain(item)}`)];
  const shown = block.lines.slice(0, CODE_LIMIT_LINES);
  const more = block.lines.length - shown.length;
  const rest = more > 0 ? [`  … and ${more} more lines`] : [];
  return [plain(block.title), ...shown.map((text) => `  ${text}`.trimEnd()), ...rest];
}

const plain = (line: Line): string => line.map((part) => (typeof part === "string" ? part : part.quoted)).join("");
