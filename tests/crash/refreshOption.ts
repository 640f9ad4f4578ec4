/** Pulumi.yaml without what the engine does before each command: the provider alone has to be enough. Pure. */
export function withoutRefresh(text: string): string {
  const lines = text.split("\n");
  const start = lines.indexOf("options:");
  if (start < 0) return text;
  const next = lines.findIndex((line, index) => index > start && /^\S/.test(line));
  return [...lines.slice(0, start), ...(next < 0 ? [""] : lines.slice(next))].join("\n");
}

/** Pulumi.yaml whose engine looks before it acts. Pure. */
export function withRefresh(text: string): string {
  return `${withoutRefresh(text).trimEnd()}\noptions:\n  refresh: always\n`;
}
