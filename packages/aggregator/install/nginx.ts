import type { InstallSettings } from "./settings.ts";

/** Serves what the sync has published; answers 503 until the first page is there. */
export function nginxConfiguration({ sync, keepaliveSeconds, hasIpv6 }: InstallSettings): string {
  const { served } = sync.places;
  return `\
map $uri $planet_cache { default no-cache; /status.json no-store; }
server {
  listen 80 default_server;
${hasIpv6 ? "  listen [::]:80 default_server;\n" : ""}\
  root ${served};
  server_tokens off;
  client_max_body_size 1k;
  # An idle reader must not sit on a server that is being replaced.
  keepalive_time ${keepaliveSeconds}s;
  keepalive_timeout ${keepaliveSeconds}s;
  charset utf-8;
  charset_types text/css text/plain text/xml application/atom+xml application/rss+xml application/rdf+xml application/xml application/json;
  gzip on;
  gzip_vary on;
  gzip_min_length 512;
  gzip_proxied any;
  gzip_types text/css text/plain text/xml application/xml application/atom+xml application/rss+xml application/rdf+xml application/json image/svg+xml;
  add_header Cache-Control $planet_cache always;
  add_header X-Content-Type-Options nosniff always;
  add_header Referrer-Policy strict-origin-when-cross-origin always;
  add_header Content-Security-Policy "default-src 'none'; img-src 'self' http: https: data:; media-src http: https:; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" always;
  if ($request_method !~ ^(GET|HEAD)$) { return 405; }
  if (!-f ${served}/index.html) { return 503; }
  location ~ /\\. { return 404; }
  location = /atom.xml { types {} default_type application/atom+xml; }
  location = /rss20.xml { types {} default_type application/rss+xml; }
  location = /rss10.xml { types {} default_type application/rdf+xml; }
  location = /foafroll.xml { types {} default_type application/rdf+xml; }
  location = /opml.xml { types {} default_type application/xml; }
}
`;
}
