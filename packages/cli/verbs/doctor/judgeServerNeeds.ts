import { messageOf } from "@planet/errors";
import type { Image } from "@planet/eucalyptus-client";
import { type Finding, note, ok, problem } from "../../text/finding.ts";
import type { CloudFacts, Configured } from "./facts.ts";

const SHOWN = 5;

/** Image, type and key pair: without them no server starts. */
export function judgeServerNeeds(facts: CloudFacts, subject: Configured): Finding[] {
  return [...judgeImage(facts, subject), ...judgeType(facts, subject), ...judgeKey(facts, subject)];
}

function judgeImage({ images }: CloudFacts, { config, stack }: Configured): Finding[] {
  if ("error" in images) return [note("image", `images cannot be listed: ${messageOf(images.error)}`)];
  const { image: wanted = "" } = config;
  const machines = images.value.filter(({ imageType, platform }) => imageType === "machine" && platform !== "windows");
  const set = (id: string) => `npx pulumi config set planet:image ${id} --stack ${stack}`;
  const found = machines.find(({ imageId }) => imageId === wanted);
  if (!found) {
    const known = machines.slice(0, SHOWN).map(({ imageId, name }) => `${imageId} (${name})`);
    const text = `${wanted || "planet:image"} is not there; there ${known.length === 0 ? "is no image at all" : `are ${known.join(", ")}`}`;
    return [problem("image", text, set("<image>"))];
  }
  if (found.state !== "" && found.state !== "available") {
    return [problem("image", `${wanted} (${found.name}) is ${found.state}`, set("<another>"))];
  }
  const [newer] = newerThan(found, machines);
  const hint = newer
    ? [
        note(
          "image",
          `${newer.imageId} (${newer.name}) is newer`,
          `${set(newer.imageId)}, then: npx planet preview --stack ${stack}`,
        ),
      ]
    : [];
  return [ok("image", `${wanted} (${found.name})`), ...hint];
}

/** Same name but for its digits, `debian-12-20260101` and `debian-12-20260301`; newest first, as images are listed. */
export function newerThan(image: Image, images: readonly Image[]): Image[] {
  const pattern = patternOf(image);
  return images.filter((other) => patternOf(other) === pattern && other.creationDate > image.creationDate);
}

/** The first number is the distribution's own version and has to stay: Debian 13 is not a newer Debian 12. */
function patternOf({ name, architecture }: Image): string {
  const [head = "", first = "", rest = ""] = /^(\D*)(\d*)(.*)$/s.exec(name)?.slice(1) ?? [];
  return `${architecture} ${head}${first}${rest.replace(/\d+/g, "#")}`;
}

function judgeType({ types }: CloudFacts, { config, stack }: Configured): Finding[] {
  const { instanceType: wanted = "" } = config;
  if ("error" in types) return [note("type", `types cannot be listed: ${messageOf(types.error)}`)];
  const found = types.value.find(({ name }) => name === wanted);
  if (found) return [ok("type", `${wanted}: ${found.cpus} CPU, ${found.memoryMb} MB, ${found.diskGb} GB`)];
  const known = types.value.map(({ name }) => name).join(", ");
  const text = `${wanted || "planet:instanceType"} is not a type of this cloud; there are ${known || "none"}`;
  return [problem("type", text, `npx pulumi config set planet:instanceType <type> --stack ${stack}`)];
}

function judgeKey({ keyPairs }: CloudFacts, { config }: Configured): Finding[] {
  const { keyName = "", publicKey = "" } = config;
  if (publicKey !== "") return [ok("key pair", "made by the stack from planet:publicKey")];
  if (keyName === "") return [ok("key pair", "none: nobody can log in to the server, and nobody has to")];
  if ("error" in keyPairs) return [note("key pair", `key pairs cannot be listed: ${messageOf(keyPairs.error)}`)];
  const found = keyPairs.value.find((pair) => pair.keyName === keyName);
  if (found) return [ok("key pair", `${keyName}, fingerprint ${found.fingerprint}`)];
  const known = keyPairs.value.map((pair) => pair.keyName).join(", ");
  return [
    problem(
      "key pair",
      `${keyName} is not there; there are ${known || "none"}`,
      `euca-import-keypair -f ~/.ssh/id_rsa.pub ${keyName}, or set planet:keyName to one of yours`,
    ),
  ];
}
