const TRACKING = /^(?:utm_[a-z_]+|fbclid|gclid)$/i;

/** One spelling for all links that lead to the same page; only for comparing. */
export function normalisedLink(link: string): string {
  try {
    const url = new URL(link);
    for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
    return `${hostOf(url)}${url.pathname.replace(/\/$/, "")}${url.search}`;
  } catch {
    return link; // compared as it is
  }
}

/** One spelling for an id that is a web address: blogs move to https, and to a host with or without `www.`. */
export function normalisedId(id: string): string {
  return id.replace(/^https?:\/\/(?:www\.)?/i, "//");
}

/** Whether a page is on a site's host, or on one above or below it; false when one of them is no address. */
export function isOnSite(page: string, site: string): boolean {
  if (!URL.canParse(page) || !URL.canParse(site)) return false;
  const [a, b] = [hostOf(new URL(page)), hostOf(new URL(site))];
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}

const hostOf = (url: URL) => url.host.replace(/^www\./, "");
