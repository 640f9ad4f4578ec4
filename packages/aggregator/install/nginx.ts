import { isIP } from "node:net";
import { permitPrefix } from "@planet/content";
import { ATOM_FEEDS, CHARSET_TYPES, HEADERS, OWN_TYPES } from "./served.ts";
import type { HttpsSettings, InstallSettings } from "./settings.ts";

/**
 * Of 768 in all (Debian's nginx.conf): far above a browser's six, and enough for the readers behind one proxy. All readers of
 * servers behind a balancer come from its address, so these have no such limit.
 */
const CONNECTIONS_PER_ADDRESS = 100;

/** planet.sh makes it when the boot has ended well; it stays over a reboot. */
const READY_FILE = "/opt/planet/ready";

/** What both servers of nginx, http and https, include. */
export const SITE_FILE = "/etc/nginx/snippets/planet-site.conf";

/** Serves what the sync has published; answers 503 until the first page is there. */
export function nginxConfiguration(settings: InstallSettings): string {
  const { https, hasIpv6 } = settings;
  return `\
map $uri $planet_cache { default no-cache; /status.json no-store; /metrics no-store; /healthz no-store; }
limit_conn_zone $binary_remote_addr zone=planet_readers:1m;
server {
  listen 80 default_server;
${hasIpv6 ? "  listen [::]:80 default_server;\n" : ""}\
${https ? challengeLocation(settings, https) : ""}\
  include ${SITE_FILE};
${https ? `  include ${whenOn("redirect")};\n` : ""}\
}
${https ? `include ${whenOn("https")};\n` : ""}`;
}

/** What is in effect once a certificate is: the brackets allow that there is no such file. */
const whenOn = (name: string): string => `/etc/planet/nginx-on/${name}.con[f]`;

/** How the website is answered, wherever. */
export function siteConfiguration({ sync, keepaliveSeconds }: InstallSettings): string {
  const { served } = sync.places;
  return `\
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
${sync.isOneOfSeveral ? "" : `limit_conn planet_readers ${CONNECTIONS_PER_ADDRESS};\nlimit_conn_status 429;\n`}\
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
# For whoever watches servers: 503 until the boot has ended well.
location = /healthz {
  default_type text/plain;
  if (!-f ${READY_FILE}) { return 503; }
  return 200 "ready\\n";
}
location ~ /\\. { return 404; }
${lines(OWN_TYPES, (name, type) => `location = /${name} { types {} default_type ${quoted(type)}; }`)}\
location ~ ${ATOM_FEEDS.source} { types {} default_type application/atom+xml; }
`;
}

/**
 * Any server of the planet answers a certificate authority, before its first page, too: whoever orders has put the answer into the
 * bucket. Nothing else of the bucket is reached: a token has no slash and no dot (RFC 8555, 8.3). With a raised permit the next
 * server orders before it takes over, so its answers count here, too; those of an older permit, which may be in wrong hands, never do.
 */
function challengeLocation(settings: InstallSettings, { permit }: HttpsSettings): string {
  return `\
  if ($uri ~ ^/\\.well-known/acme-challenge/) { break; }
  location ~ "^/\\.well-known/acme-challenge/(?<planet_token>[A-Za-z0-9_-]{1,128})$" {
    limit_except GET { deny all; }
    proxy_intercept_errors on;
    error_page 403 404 = @planet_next_permit;
${passToBucket(settings, permit)}\
  }
  location @planet_next_permit {
${passToBucket(settings, permit + 1)}\
  }
`;
}

/** One GET of an answer to a challenge, without anything of the request. */
function passToBucket({ sync, nameservers }: InstallSettings, permit: number): string {
  const { protocol, host, hostname } = new URL(sync.bucketUrl);
  const isName = isIP(hostname.replaceAll(/[[\]]/g, "")) === 0;
  return `\
${isName ? `    resolver ${nameservers.join(" ")};\n` : ""}\
    proxy_pass ${sync.bucketUrl}/${permitPrefix("acme-challenge", permit)}$planet_token;
    proxy_pass_request_headers off;
    proxy_pass_request_body off;
    proxy_set_header Host ${host};
    proxy_set_header User-Agent planet-nginx;
    proxy_set_header Connection "";
    proxy_http_version 1.1;
    proxy_connect_timeout 5s;
    proxy_send_timeout 5s;
    proxy_read_timeout 5s;
    proxy_max_temp_file_size 0;
${protocol === "https:" ? VERIFIED : ""}`;
}

/** Whoever could change the answer on the way could get a certificate for the host. */
const VERIFIED = `\
    proxy_ssl_server_name on;
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 5;
    proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
`;

/** A directive for each, in a line of its own. */
const lines = (table: Readonly<Record<string, string>>, directive: (key: string, value: string) => string): string =>
  Object.entries(table)
    .map((entry) => `${directive(...entry)}\n`)
    .join("");

const quoted = (value: string): string => (/[ ;]/.test(value) ? `"${value}"` : value);
