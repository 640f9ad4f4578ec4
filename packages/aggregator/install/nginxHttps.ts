import { TLS_FOLDER } from "../certificate/places.ts";
import { SITE_FILE } from "./nginx.ts";
import type { HttpsSettings, InstallSettings } from "./settings.ts";

/** Mozilla's intermediate profile, version 5.7, without the ciphers that need parameters of Diffie and Hellman. */
const CIPHERS = [
  ...["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
  ...["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"],
  ...["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
];

/** What programs ask a server for by its address: they stay with the protocol and the name that they have asked by. */
const FOR_PROGRAMS = String.raw`/(status\.json|healthz)$`;

/** The server on port 443: in effect from the first certificate on. */
export function httpsConfiguration({ hasIpv6 }: InstallSettings, { names, hstsSeconds }: HttpsSettings): string {
  const [canonical = ""] = names;
  const hsts = `  add_header Strict-Transport-Security "max-age=${hstsSeconds}" always;\n`;
  return `\
map "$host$uri" $planet_elsewhere { default 1; "~^${canonical.replaceAll(".", "\\.")}/" 0; "~^[^/]*${FOR_PROGRAMS}" 0; }
server {
  listen 443 ssl http2 default_server;
${hasIpv6 ? "  listen [::]:443 ssl http2 default_server;\n" : ""}\
  ssl_certificate ${TLS_FOLDER}/current/chain.pem;
  ssl_certificate_key ${TLS_FOLDER}/current/key.pem;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ${CIPHERS.join(":")};
  ssl_ecdh_curve X25519:prime256v1:secp384r1;
  ssl_prefer_server_ciphers off;
  ssl_session_timeout 1d;
  ssl_session_cache shared:planet:10m;
  ssl_session_tickets off;
  include ${SITE_FILE};
${hstsSeconds > 0 ? hsts : ""}\
  if ($planet_elsewhere) { return 301 https://${canonical}$request_uri; }
}
`;
}

/** In the server on port 80, from the first certificate on. Challenges have been let through before. */
export function redirectConfiguration({ names }: HttpsSettings): string {
  return `if ($uri !~ ^${FOR_PROGRAMS}) { return 301 https://${names[0]}$request_uri; }\n`;
}
