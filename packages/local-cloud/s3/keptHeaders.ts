import { exactHeaderOf, headerOf, type RequestHead } from "../wire/target.ts";

/** Kept only when the name is written exactly so: `content-type` in lower case is accepted and lost. */
const KEPT = ["Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Expires"];
const META = "x-amz-meta-";

/** Source: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`. Multipart reads the type alone, in any case. */
export function keptHeaders(head: RequestHead, form: "object" | "multipart" = "object"): Map<string, string> {
  const names = form === "multipart" ? ["Content-Type"] : KEPT;
  const kept = names.flatMap((name) => {
    const value = form === "multipart" ? headerOf(head, name) : exactHeaderOf(head, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const meta = head.headers
    .filter(([name]) => name.toLowerCase().startsWith(META))
    .map(([name, value]) => [META + name.slice(META.length), value] as const);
  return new Map([...kept, ...meta]);
}

/** The inner store's default. */
export const DEFAULT_TYPE = "application/octet-stream";

/** `response-content-type=…` and its like override what is stored. */
const OVERRIDES: Readonly<Record<string, string>> = {
  "response-content-type": "Content-Type",
  "response-content-language": "Content-Language",
  "response-expires": "Expires",
  "response-cache-control": "Cache-Control",
  "response-content-disposition": "Content-Disposition",
  "response-content-encoding": "Content-Encoding",
};

export function overridingHeaders(parameters: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(OVERRIDES).flatMap(([parameter, header]) => {
      const value = parameters.get(parameter);
      return value === undefined ? [] : [[header, value]];
    }),
  );
}
