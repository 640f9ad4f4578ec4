import type { Picture } from "../parse/types.ts";
import { type CleanHtml, cleanHtml } from "../text/cleanHtml.ts";
import { escapeXml } from "../text/xml.ts";
import { sanitizeHtml } from "./sanitizeHtml.ts";

const IMAGE = /<img\b[^>]*?\ssrc="([^"]*)"/g;
/** What picture services are asked for in a query: sizes and formats of the same picture. */
const SIZE_PARAMETERS =
  /^(?:w|h|s|q|width|height|size|quality|fit|resize|crop|strip|ssl|auto|format|fm|dpr|name|v|ver|is-pending-load)$/i;

/** The pictures that an entry has beside its text, below it; none is shown twice. */
export function withPictures(html: CleanHtml, pictures: readonly Picture[]): CleanHtml {
  const shown = new Set([...html.matchAll(IMAGE)].map(([, src = ""]) => samePicture(src.replaceAll("&amp;", "&"))));
  const missing = pictures.filter(({ url, isPreview }) => {
    const key = samePicture(url);
    if (shown.has(key) || (isPreview === true && shown.size > 0)) return false;
    shown.add(key);
    return true;
  });
  const added = missing.map(
    ({ url, alt = "" }) =>
      `<p>${sanitizeHtml(`<img src="${escapeXml(url)}" alt="${escapeXml(alt)}">`, { base: url })}</p>`,
  );
  return cleanHtml([html, ...added].filter((part) => part !== "").join("\n"));
}

/** One spelling for all addresses of a picture: sizes in names and queries, and services that fetch it from elsewhere. */
function samePicture(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  const path = decoded(url.pathname);
  const inner = path.lastIndexOf("http");
  if (inner > 0 && /^https?:\/\/[^/]/.test(path.slice(inner))) return samePicture(path.slice(inner));
  for (const name of [...url.searchParams.keys()]) if (SIZE_PARAMETERS.test(name)) url.searchParams.delete(name);
  // Jetpack's service has the whole address as its path.
  const place = /^i\d\.wp\.com$/.test(url.host) ? path.slice(1) : `${url.host}${path}`;
  return `${place.replace(/(?:-\d{2,4}x\d{2,4}|-scaled)(?=\.\w{2,5}$)/, "")}${url.search}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // not valid percent-encoding
  }
}
