import { ATOM_FEEDS, CHARSET_TYPES, HEADERS, OWN_TYPES } from "./served.ts";
import type { InstallSettings } from "./settings.ts";

/** Of 768 in all (Debian's nginx.conf): far above a browser's six, and enough for the readers behind one proxy. */
const CONNECTIONS_PER_ADDRESS = 100;

/** Serves what the sync has published; answers 503 until the first page is there. */
export function nginxConfiguration({ sync, keepaliveSeconds, hasIpv6 }: InstallSettings): string {
  const { served } = sync.places;
  return `\
map $uri $planet_cache { default no-cache; /status.json no-store; /metrics no-store; }
limit_conn_zone $binary_remote_addr zone=planet_readers:1m;
server {
  listen 80 default_server;
${hasIpv6 ? "  listen [::]:80 default_server;\n" : ""}\
  root ${served};
  server_tokens off;
  client_max_body_size 1k;
  # An idle reader must not sit on a server that is being replaced.
  keepalive_time ${keepaliveSeconds}s;
  keepalive_timeout ${keepaliveSeconds}s;
  # Somebody who sends or reads slowly must not hold a connection that others wait for. A proxy has many readers.
  client_header_timeout 10s;
  client_body_timeout 10s;
  send_timeout 10s;
  reset_timedout_connection on;
  limit_conn planet_readers ${CONNECTIONS_PER_ADDRESS};
  limit_conn_status 429;
  # The sync's user owns the website: a link in it leads to no file of another.
  disable_symlinks if_not_owner from=${served};
  charset utf-8;
  charset_types ${CHARSET_TYPES.join(" ")};
  gzip on;
  gzip_vary on;
  gzip_min_length 512;
  gzip_proxied any;
  gzip_types text/css text/plain text/xml application/xml application/atom+xml application/rss+xml application/rdf+xml application/json image/svg+xml;
  add_header Cache-Control $planet_cache always;
${lines(HEADERS, (name, value) => `add_header ${name} ${quoted(value)} always;`)}\
  if ($request_method !~ ^(GET|HEAD)$) { return 405; }
  if (!-f ${served}/index.html) { return 503; }
  location ~ /\\. { return 404; }
${lines(OWN_TYPES, (name, type) => `location = /${name} { types {} default_type ${quoted(type)}; }`)}\
  location ~ ${ATOM_FEEDS.source} { types {} default_type application/atom+xml; }
}
`;
}

/** A directive for each, in a line of its own. */
const lines = (table: Readonly<Record<string, string>>, directive: (key: string, value: string) => string): string =>
  Object.entries(table)
    .map((entry) => `  ${directive(...entry)}\n`)
    .join("");

const quoted = (value: string): string => (/[ ;]/.test(value) ? `"${value}"` : value);
