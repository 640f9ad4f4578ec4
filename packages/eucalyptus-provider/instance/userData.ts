import { type Inputs, isUnknown, type Value } from "@planet/pulumi-plugin";
import { textIn } from "../values.ts";

/** After decoding. Source: Corymbia/eucalyptus `VerifyMetadata.java`; an operator may raise it to 64 KB. */
const USER_DATA_LIMIT_BYTES = 16_384;

/** The bytes that a server gets, whichever way they are given. */
export function userDataOf(inputs: Inputs): Buffer | undefined {
  const base64 = textIn(inputs, "userDataBase64");
  if (base64 !== undefined) return Buffer.from(base64, "base64");
  const plain = textIn(inputs, "userData");
  return plain === undefined ? undefined : Buffer.from(plain);
}

/** Whether two programs give the same bytes, one perhaps as text and the other as base64. */
export function sameUserData(one: Inputs, other: Inputs): boolean {
  const isOpen = (inputs: Inputs) => isUnknown(inputs.userData) || isUnknown(inputs.userDataBase64);
  if (isOpen(one) || isOpen(other)) return false;
  return Buffer.compare(userDataOf(one) ?? Buffer.alloc(0), userDataOf(other) ?? Buffer.alloc(0)) === 0;
}

export function problemWithUserData(value: Value): string | undefined {
  return tooLong(Buffer.byteLength(String(value)));
}

/** Anything that is not base64 is dropped by the cloud without a word: the server would start empty. */
export function problemWithBase64(value: Value): string | undefined {
  const bytes = Buffer.from(String(value), "base64");
  const isExact =
    bytes.toString("base64").replace(/=+$/, "") === String(value).replaceAll(/\s/g, "").replace(/=+$/, "");
  return isExact
    ? tooLong(bytes.length)
    : "is not base64; the cloud would drop it silently and start without user-data";
}

function tooLong(bytes: number): string | undefined {
  if (bytes <= USER_DATA_LIMIT_BYTES) return undefined;
  const format = (count: number) => count.toLocaleString("en-US");
  return `is ${format(bytes)} bytes, the cloud accepts ${format(USER_DATA_LIMIT_BYTES)}; move files to the bucket and fetch them at boot`;
}
