import type { StatusJson } from "@planet/content";
import { escapeXml } from "../text/xml.ts";

/** `feeds.html`: status.json for people. Plain on purpose: it must be readable when a theme is broken. */
export function feedsPage(status: StatusJson): string {
  const title = `${escapeXml(status.planet)}: feeds`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="base.css">
<link rel="stylesheet" href="planet.css">
</head>
<body>
<main>
<h1>${title}</h1>
<p><a href="./">Back to the planet</a>. State: <strong>${status.state}</strong>,
as of <time datetime="${status.generated_at}">${status.generated_at.slice(0, 16).replace("T", " ")} UTC</time>.</p>
${problemList("Edits that were not taken", status.rejected.map(rejectedLine))}
${problemList(
  "Edits in effect",
  status.drift.filter(({ applied }) => applied).map(({ name }) => name),
)}
${problemList(
  "Problems",
  status.degraded.map(({ name, code, message }) => `${name === "" ? code : `${name}: ${code}`}: ${message}`),
)}
<table>
<thead><tr><th scope="col">Feed</th><th scope="col">State</th><th scope="col">Last success</th><th scope="col">Entries</th></tr></thead>
<tbody>
${status.feeds.map(feedRow).join("\n")}
</tbody>
</table>
${problemList("Warnings", status.warnings)}
</main>
</body>
</html>
`;
}

function rejectedLine({ name, line, message }: StatusJson["rejected"][number]): string {
  return `${name}${line === undefined ? "" : `, line ${line}`}: ${message}`;
}

function problemList(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const items = lines.map((line) => `<li>${escapeXml(line)}</li>`).join("\n");
  return `<h2>${title}</h2>\n<ul>\n${items}\n</ul>`;
}

function feedRow({ name, url, state, reason, last_ok, entries }: StatusJson["feeds"][number]): string {
  const why = reason === undefined ? state : `${state}: ${reason}`;
  const when = last_ok === undefined ? "never" : `${last_ok.slice(0, 16).replace("T", " ")} UTC`;
  const cells = [
    `<a href="${escapeXml(url)}">${escapeXml(name)}</a>`,
    escapeXml(why),
    escapeXml(when),
    String(entries),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}
