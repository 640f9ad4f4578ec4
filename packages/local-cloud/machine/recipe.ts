import { createHash } from "node:crypto";
import { renderAptSources } from "./aptSources.ts";
import type { HostSettings, ImageFile } from "./hostSettings.ts";
import type { ImageName } from "./images.ts";

/** One layer of an image: packages, then files over them. */
export interface Recipe {
  readonly packages: readonly string[];
  readonly files: readonly ImageFile[];
  /** Units that make no sense in a machine whose console is a log. */
  readonly maskedUnits: readonly string[];
}

export interface ImageRecipe {
  readonly codename: "bookworm" | "trixie";
  /** Shared by all images of one Debian release. */
  readonly base: Recipe;
  /** What makes this image different from its sisters. */
  readonly variant: Recipe;
}

/** What every Debian cloud image has and a bare mmdebstrap lacks. */
const BASE_PACKAGES = [
  ...["systemd", "systemd-sysv", "dbus", "ca-certificates", "curl", "iproute2", "netbase", "nftables", "procps"],
];

/**
 * Only the Ec2 source, asked at once: nspawn has no SMBIOS that would name the platform, so detection must not be strict;
 * without `metadata_urls` cloud-init first resolves `instance-data.`, which takes 40 s without a name server.
 * The network is set up from outside, and the sources lists are the host's.
 */
const CLOUD_INIT_SETTINGS = `datasource_list: [ Ec2, None ]
datasource:
  Ec2:
    strict_id: false
    metadata_urls: [ "http://169.254.169.254" ]
    max_wait: 120
    timeout: 10
network: { config: disabled }
apt: { preserve_sources_list: true }
locale: C.UTF-8
ssh_genkeytypes: [ ed25519 ]
`;

/** @param loader the script that an rc.local image runs at each boot (`userdata/rc.local`). */
export function imageRecipe(name: ImageName, host: HostSettings, loader: string): ImageRecipe {
  return {
    codename: codenameOf(name),
    base: {
      packages: BASE_PACKAGES,
      maskedUnits: ["console-getty.service", "systemd-networkd-wait-online.service"],
      files: [
        aptSettings(host.aptConfiguration),
        text("/etc/apt/sources.list", ""),
        text("/etc/apt/sources.list.d/debian.sources", renderAptSources(host.sources)),
        ...host.files,
      ],
    },
    variant: name.endsWith("-cloud-init")
      ? {
          packages: ["cloud-init"],
          maskedUnits: [],
          files: [text("/etc/cloud/cloud.cfg.d/90-local-cloud.cfg", CLOUD_INIT_SETTINGS)],
        }
      : { packages: [], maskedUnits: [], files: [text("/etc/rc.local", loader, 0o755)] },
  };
}

export function codenameOf(name: ImageName): "bookworm" | "trixie" {
  return name.startsWith("debian-12-") ? "bookworm" : "trixie";
}

/** 12 hex digits over all that goes into the layer and the layers below it; another recipe is another folder in the cache. */
export function recipeHash(codename: string, ...layers: readonly Recipe[]): string {
  const hash = createHash("sha256").update(`format 2\n${codename}\n`);
  for (const { packages, files, maskedUnits } of layers) {
    hash.update(`${packages.join(" ")}\n${maskedUnits.join(" ")}\n`);
    for (const { path, bytes, mode } of files) hash.update(`${path} ${mode} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex").slice(0, 12);
}

/** A proxy's URL may hold a password; apt reads its settings as root. */
function aptSettings(configuration: readonly string[]): ImageFile {
  const content = `${['Acquire::Languages "none";', ...configuration].join("\n")}\n`;
  const holdsPassword = /:\/\/[^/"\s]*@/.test(content);
  return text("/etc/apt/apt.conf.d/80host", content, holdsPassword ? 0o600 : 0o644);
}

function text(path: string, content: string, mode = 0o644): ImageFile {
  return { path, bytes: Buffer.from(content), mode };
}
