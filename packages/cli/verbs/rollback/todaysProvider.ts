/**
 * Pulumi.yaml with the plugin `aws` of another folder; every other byte stays. The state was written by today's plugin,
 * so an earlier one must not read it. Undefined when the text names no folder for it. Pure.
 */
export function withProvider(text: string, folder: string): string | undefined {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^\s*-\s+name:\s*["']?aws["']?\s*(#.*)?$/.test(line));
  if (start === -1) return undefined;
  for (let index = start + 1; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (/^\s*-|^\S/.test(line) && !/^\s*#/.test(line)) return undefined; // the next entry
    const key = /^(\s+path:\s*)\S/.exec(line)?.[1];
    if (key === undefined) continue;
    lines[index] = `${key}${JSON.stringify(folder)}`;
    return lines.join("\n");
  }
  return undefined;
}
