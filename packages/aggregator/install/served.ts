/**
 * How the website is answered: types and headers. nginx on the server and `planet site serve` on an editor's machine have them
 * from here, so that a page which works on one works on the other.
 */

/** Types that nginx' own table does not have, by file. */
export const OWN_TYPES: Readonly<Record<string, string>> = {
  "atom.xml": "application/atom+xml",
  "feeds-status.xml": "application/atom+xml",
  "rss20.xml": "application/rss+xml",
  "rss10.xml": "application/rdf+xml",
  "foafroll.xml": "application/rdf+xml",
  "site.webmanifest": "application/manifest+json",
  "opml.xml": "application/xml",
  // Prometheus asks for the version of the format.
  metrics: "text/plain; version=0.0.4; charset=utf-8",
};

/** Atom feeds of other pages than the front page, as nginx sees their addresses. */
export const ATOM_FEEDS = /^\/(?:category|feed)\/[^/]+\.xml$/;

/** Text is UTF-8, and the header says so; nginx does it for text/html without being told. */
export const CHARSET_TYPES = [
  "text/css",
  "text/plain",
  "text/xml",
  "application/atom+xml",
  "application/rss+xml",
  "application/rdf+xml",
  "application/xml",
  "application/json",
] as const;

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; font-src 'self'; img-src 'self' http: https: data:; manifest-src 'self'; media-src http: https:; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Of every answer. */
export const HEADERS: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
};

/** By ending: what Debian's /etc/nginx/mime.types says of files that a planet can have. */
const NGINX_TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  css: "text/css",
  xml: "text/xml",
  txt: "text/plain",
  json: "application/json",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  ico: "image/x-icon",
  woff2: "font/woff2",
};

/** The headers that a server answers with for a file of the website, `images/logo.png`, apart from those about caching. */
export function servedHeaders(name: string): Readonly<Record<string, string>> {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  const type =
    OWN_TYPES[name] ??
    (ATOM_FEEDS.test(`/${name}`) ? "application/atom+xml" : undefined) ??
    NGINX_TYPES[ending] ??
    "application/octet-stream";
  const isText = [...CHARSET_TYPES, "text/html"].some((each) => each === type);
  return { "Content-Type": isText ? `${type}; charset=utf-8` : type, ...HEADERS };
}
