import { element, type XmlValue } from "../wire/xml.ts";
import type { S3Answer } from "./operation.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

export function xmlAnswer(root: string, content: XmlValue, status = 200): S3Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content, "repeat", { xmlns: NAMESPACE })}`;
  return { status, headers: { "Content-Type": "application/xml" }, body };
}

export const emptyAnswer = (status: number, headers: Readonly<Record<string, string>> = {}): S3Answer => ({
  status,
  headers,
});
