/** One entry of apt's sources, whichever of its two notations it was written in. */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy?: string;
}

/** Reads a `.sources` (deb822) or a `.list` (one line each) file; binary packages only, disabled entries left out. */
export function parseAptSources(fileName: string, text: string): AptSource[] {
  return fileName.endsWith(".sources") ? parseStanzas(text) : parseLines(text);
}

/**
 * The same archives for another release of Debian: entries of the host's release are kept with the suite renamed,
 * all others (third parties, backports) are left out. Empty when the host has none.
 */
export function sourcesForRelease(sources: readonly AptSource[], hostCodename: string, codename: string): AptSource[] {
  const suffixes = ["", "-updates", "-security"];
  return sources.flatMap((source) => {
    const suites = source.suites
      .filter((suite) => suffixes.some((suffix) => suite === hostCodename + suffix))
      .map((suite) => codename + suite.slice(hostCodename.length));
    return suites.length > 0 ? [{ ...source, suites, components: ["main"] }] : [];
  });
}

/** Equal input gives equal text: it is part of the image's recipe hash. */
export function renderAptSources(sources: readonly AptSource[]): string {
  const stanza = (source: AptSource): string =>
    [
      "Types: deb",
      `URIs: ${source.uris.join(" ")}`,
      `Suites: ${source.suites.join(" ")}`,
      `Components: ${source.components.join(" ")}`,
      ...(source.signedBy ? [`Signed-By: ${source.signedBy}`] : []),
    ].join("\n");
  return `${sources.map(stanza).join("\n\n")}\n`;
}

function parseStanzas(text: string): AptSource[] {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const fields = new Map(
        [...stanza.matchAll(/^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)/gm)].map((m) => [
          m[1]?.toLowerCase() ?? "",
          m[2] ?? "",
        ]),
      );
      const words = (name: string): string[] => (fields.get(name) ?? "").split(/\s+/).filter(Boolean);
      if (!words("types").includes("deb") || fields.get("enabled")?.trim() === "no") return [];
      return [source(words("uris"), words("suites"), words("components"), fields.get("signed-by")?.trim())];
    });
}

function parseLines(text: string): AptSource[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
    if (!match) return [];
    const [, options = "", uri = "", suite = "", components = ""] = match;
    return [source([uri], [suite], components.split(/\s+/).filter(Boolean), /signed-by=(\S+)/.exec(options)?.[1])];
  });
}

function source(uris: string[], suites: string[], components: string[], signedBy: string | undefined): AptSource {
  // A key written out inside the entry is not a path; apt then trusts the keys in trusted.gpg.d, which the image gets too.
  return { uris, suites, components, ...(signedBy?.startsWith("/") ? { signedBy } : {}) };
}
