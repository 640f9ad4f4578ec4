/** How the website is answered: types and headers. */

/** Types that nginx' own table does not have, by file. */
export const OWN_TYPES: Readonly<Record<string, string>> = {
  "atom.xml": "application/atom+xml",
  "rss20.xml": "application/rss+xml",
  "rss10.xml": "application/rdf+xml",
  "foafroll.xml": "application/rdf+xml",
  "opml.xml": "application/xml",
};

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
  "default-src 'none'; img-src 'self' http: https: data:; media-src http: https:; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Of every answer. */
export const HEADERS: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
};
