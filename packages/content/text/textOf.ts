/** The bytes as text, if that text stands for exactly these bytes. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  return text.includes("\0") || !Buffer.from(text).equals(bytes) ? undefined : text;
}
