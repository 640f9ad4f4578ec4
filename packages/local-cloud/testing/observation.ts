import { XMLParser } from "fast-xml-parser";

/** What differs between two clouds that answer alike: the digits of ids, addresses, times, accounts. */
export function masked(text: string): string {
  return text
    .replace(/\b([a-z]+(?:-[a-z]+)?)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/g, "$1-*")
    .replace(/\bemi-\*/g, "ami-*")
    .replace(/\b(ec2|ip)(?:-\d+){4}/g, "$1-*")
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "*")
    .replace(/\b\d+(?:\.\d+){3}\b/g, "*")
    .replace(/\b[0-9a-f]{2}(?::[0-9a-f]{2}){5,15}\b/gi, "*")
    .replace(/\b\d{12}\b/g, "*")
    .replace(/\bAID[A-Z0-9]{16,}\b/g, "AID*")
    .replace(/user\/\w+/g, "user/*")
    .replace(/\b[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d [\d:]{8} UTC \d{4}\b/g, "*")
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z?/g, "*")
    .replace(/\(\d+ in/g, "(* in");
}

/** `{ab*3}` is `ababab`. */
export const expanded = (text: string): string =>
  text.replace(/\{([^{}]{1,4}?)\*(\d+)\}/g, (_, unit: string, count) => unit.repeat(Number(count)));

const compressed = (text: string): string =>
  text.replace(/(.{1,4}?)\1{29,}/g, (all, unit: string) => `{${unit}*${all.length / unit.length}}`);

const PARSER = new XMLParser({ preserveOrder: true, parseTagValue: false, trimValues: false, ignoreDeclaration: true });

type Node = Readonly<Record<string, unknown>>;

/** All elements of an answer in order, masked: `name=value`, `name(children)`; `free` elements have the value `~`. */
export function elementsOf(xml: string, free: readonly string[] = []): string {
  const written = (node: Node): string => {
    const [name = ""] = Object.keys(node).filter((key) => key !== ":@");
    const children = node[name] as readonly Node[];
    const text = children.map((child) => child["#text"] ?? "").join("");
    if (free.includes(name)) return `${name}=~`;
    if (children.length === 0 || (text === "" && children.every((child) => "#text" in child))) return name;
    if (children.some((child) => "#text" in child)) return `${name}=${quoted(masked(compressed(text)))}`;
    return `${name}(${children.map(written).join(" ")})`;
  };
  return (PARSER.parse(xml) as readonly Node[]).map(written).join("");
}

const quoted = (text: string): string => (/[\s()]/.test(text) ? JSON.stringify(text) : text);
