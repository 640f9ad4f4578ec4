/**
 * planet.ini's `link` where the planet is reached by HTTPS: with the scheme and the canonical name when it names the host; as it is when
 * it names another.
 * @param host Names of the host, the canonical one first; empty: plain HTTP.
 */
export function hostLink(link: string, host: readonly string[]): string {
  const [canonical] = host;
  if (canonical === undefined || !namesHost(link, host)) return link;
  const { pathname, search } = new URL(link);
  return `https://${canonical}${pathname}${search}`;
}

/** What is to be said of a `link` that leads readers elsewhere than to the host. */
export function linkWarning(link: string, host: readonly string[]): string | undefined {
  if (host.length === 0 || !URL.canParse(link) || namesHost(link, host)) return undefined;
  return `planet.ini: warning: "link" names ${new URL(link).host}, and planet:host is ${host.join(", ")}: feeds say what "link" says`;
}

/** A port of its own is another place than the host's. */
const namesHost = (link: string, host: readonly string[]): boolean =>
  URL.canParse(link) && host.includes(new URL(link).host);
