import { stripVTControlCharacters } from "node:util";

const HIDDEN = "[secret]";

/** Shorter values stand in every text by chance: the local stack's passphrase is the word `planet`. */
const SECRET_MIN_LENGTH = 8;

const SECRET_VARIABLE = /(PASSPHRASE|PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE_KEY|ACCESS_KEY|API_KEY)/i;

/** By schema: a setting, variable or property whose name says that its value is secret, in a line of its own. */
const SECRET_SETTING =
  /^([+\- ]{0,20}(?:export\s+)?["']?[\w.:-]{0,100}(?:passphrase|password|passwd|secret|token|credential|private_?key|access_?key|api_?key)[\w.-]{0,100}["']?\s*[=:]\s*)(?=\S).+$/gim;

/** By shape: what is a secret wherever it stands. */
const SHAPES: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
  [/\b(?:ghp|gho|ghs|ghu|ghr)_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bpul-[0-9a-f]{40}\b/g, HIDDEN],
  [/\bAKI[A-Z0-9]{13,}\b|\bASIA[A-Z0-9]{12,}\b/g, HIDDEN],
  [/(\bhttps?:\/\/)[^\s/@:]+:[^\s/@]+@/gi, `$1${HIDDEN}@`],
  [/([?&](?:[\w-]*(?:token|secret|password|api_?key|signature)|key|auth|sig)=)[^&\s"'<>\])]+/gi, `$1${HIDDEN}`],
];

/** C0 and C1 but for line break and tab, and whatever turns or hides text around it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Values of the environment that must not be shown, longest first so that none is half hidden. */
export function secretValues(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment)
    .filter(([name]) => SECRET_VARIABLE.test(name) && !name.endsWith("_FILE"))
    .map(([, value]) => value ?? "")
    .filter((value) => value.length >= SECRET_MIN_LENGTH)
    .toSorted((left, right) => right.length - left.length);
}

/** The same value with every text in it fit to be shown: no control sequences, no secrets. */
export function cleanse<T>(value: T, secrets: readonly string[]): T {
  return map(value, (text) => redact(visible(text), secrets)) as T;
}

/** What a terminal or a page would act upon is taken out or written as its code. */
export function visible(text: string): string {
  const plain = stripVTControlCharacters(text).replace(/\r+\n/g, "\n");
  return plain.replace(INVISIBLE, (letter) => {
    const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `[U+${code}]`;
  });
}

function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  const named = known.replace(SECRET_SETTING, `$1${HIDDEN}`);
  return SHAPES.reduce((rest, [shape, instead]) => rest.replace(shape, instead), named);
}

function map(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => map(each, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [change(key), map(each, change)]));
}
