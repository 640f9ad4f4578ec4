const TRACKING = /^(?:utm_[a-z_]+|fbclid|gclid)(?:=|$)/i;
const WEB_ADDRESS = /^https?:\/\/(?:[^/?#]*@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i;

/** One spelling for all links that lead to the same page; only for comparing. Not by `URL`, which takes ten times as long. */
export function normalisedLink(link: string): string {
  const parts = WEB_ADDRESS.exec(link);
  if (parts === null) return link; // compared as it is
  const [, host = "", path = "", query = ""] = parts;
  const kept = query.split("&").filter((pair) => pair !== "" && !TRACKING.test(pair));
  return `${normalisedHost(host)}${path.replace(/\/$/, "")}${kept.length === 0 ? "" : `?${kept.join("&")}`}`;
}

/** One spelling for an id that is a web address: blogs move to https, and to a host with or without `www.`. */
export function normalisedId(id: string): string {
  return id.replace(/^https?:\/\/(?:www\.)?/i, "//");
}

/** Whether a page is on a site's host, or on one above or below it; false when one of them is not a web address. */
export function isOnSite(page: string, site: string): boolean {
  const [a, b] = [page, site].map((address) => normalisedHost(WEB_ADDRESS.exec(address)?.[1] ?? ""));
  if (!a || !b) return false;
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}

const normalisedHost = (host: string) =>
  host
    .toLowerCase()
    .replace(/^www\./, "")
    .replace(/:(?:80|443)?$/, "");
