import { stateFolder } from "@planet/toolchain";

/** Where the stack's state is kept, as far as we can look into it ourselves. */
export type Backend =
  | { readonly kind: "file"; readonly folder: string }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      /** "" or with a slash at its end. */
      readonly prefix: string;
      /** Without a slash at its end; undefined: AWS itself. */
      readonly endpoint?: string;
      readonly region: string;
    }
  | { readonly kind: "other"; readonly scheme: string };

/** Reads the URL of a backend for a CLI that runs in `cwd`. Parameters of `s3://`: gocloud.dev/blob/s3blob and aws, as pulumi 3.259.0 uses them. */
export function parseBackend(url: string, cwd: string): Backend {
  const scheme = /^([a-z0-9+.-]+):\/\//i.exec(url)?.[1] ?? "";
  const folder = stateFolder(url, cwd);
  if (folder !== undefined) return { kind: "file", folder };
  if (scheme !== "s3") return { kind: "other", scheme };
  const { host: bucket, pathname, searchParams: words } = new URL(url);
  const prefix = pathname.replace(/^\/+|\/+$/g, "");
  const endpoint = words.get("endpoint");
  const isPlain = words.get("disable_https") === "true" || words.get("disableSSL") === "true";
  return {
    kind: "s3",
    bucket,
    prefix: prefix === "" ? "" : `${prefix}/`,
    ...(endpoint && { endpoint: withScheme(endpoint, isPlain).replace(/\/+$/, "") }),
    region: words.get("region") ?? "eucalyptus",
  };
}

const withScheme = (endpoint: string, isPlain: boolean): string =>
  /^https?:\/\//.test(endpoint) ? endpoint : `${isPlain ? "http" : "https"}://${endpoint}`;

/** Source: pulumi 3.259.0, pkg/backend/diy/lock.go. */
export function lockFolder(project: string, stack: string): string {
  return `.pulumi/locks/organization/${project}/${stack}/`;
}
