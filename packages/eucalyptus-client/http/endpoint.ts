/** An endpoint URL in the parts that requests need; the path is kept, it is how Eucalyptus tells its services apart. */
export interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  /** Without a trailing slash: `/services/objectstorage`. */
  readonly path: string;
}

/** @throws {TypeError} when the text is not an http or https URL. */
export function parseEndpoint(url: string): Endpoint {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") throw new TypeError(`"${url}" is not an http or https URL`);
  return { protocol, hostname, ...(port !== "" && { port: Number(port) }), path: pathname.replace(/\/+$/, "") };
}
