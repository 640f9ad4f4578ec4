import { messageOf } from "@planet/errors";
import type { Backend } from "../../stack/backend.ts";
import { judgeLock } from "../../stack/judgeLock.ts";
import { type Finding, note, ok, problem } from "../../text/finding.ts";
import type { PassphraseFacts, StateFacts } from "./facts.ts";

/**
 * Body of a PUT with a query string, which the CLI's S3 client always sends (`?x-id=PutObject`). Source:
 * Corymbia/eucalyptus `ObjectStorageGlobalConfiguration.java`, `max_metadata_request_size`; docs/state.md.
 */
const LIMIT_BYTES = 300 * 1024;
/** While a server is replaced the state holds two of them, each with its user-data. */
const SAFE_BYTES = LIMIT_BYTES / 2;

export function judgeBackend(facts: StateFacts, stack: string, now: Date): Finding[] {
  const place = placeOf(facts.backend);
  if ("error" in facts.state) {
    return [problem("state", `${place}: ${messageOf(facts.state.error)}`, `see docs/state.md; npx pulumi stack ls`)];
  }
  const { resources, bytes } = facts.state.value;
  const size = `${Math.ceil(bytes / 1024)} KiB`;
  return [
    ok("state", `${place}, ${resources.length} resources, ${size}`),
    ...judgeSize(facts, bytes),
    judgePassphrase(facts.passphrase, stack),
    ...judgeLocks(facts, stack, now),
  ];
}

function placeOf(backend: Backend): string {
  if (backend.kind === "file") return `kept in ${backend.folder}`;
  if (backend.kind === "s3") return `kept in the bucket ${backend.bucket} at ${backend.endpoint ?? "AWS"}`;
  return `kept in ${backend.scheme || "an unknown place"}`;
}

function judgeSize({ backend, isCompressed }: StateFacts, bytes: number): Finding[] {
  if (backend.kind !== "s3" || isCompressed || bytes < SAFE_BYTES) return [];
  const text = `the cloud takes at most ${LIMIT_BYTES / 1024} KiB, and a replacement nearly doubles the state`;
  return [problem("state", text, "export PULUMI_DIY_BACKEND_GZIP=true for everybody who deploys; see docs/state.md")];
}

function judgePassphrase(passphrase: PassphraseFacts, stack: string): Finding {
  if (passphrase === "opens") return ok("passphrase", "opens the stack");
  if (passphrase === "wrong") {
    const right = `export the PULUMI_CONFIG_PASSPHRASE_FILE (or PULUMI_CONFIG_PASSPHRASE) that ${stack} was made with; until then nothing can be deployed`;
    return problem("passphrase", "does not open the stack; the reason is above", right);
  }
  const next = `export PULUMI_CONFIG_PASSPHRASE_FILE=… (PULUMI_CONFIG_PASSPHRASE= for none) before \`npx pulumi up --stack ${stack}\``;
  return problem("passphrase", "neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE is set", next);
}

function judgeLocks({ locks }: StateFacts, stack: string, now: Date): Finding[] {
  if ("error" in locks) return [note("lock", `locks cannot be listed: ${messageOf(locks.error)}`)];
  if (locks.value === undefined) return [];
  return locks.value.length === 0 ? [ok("lock", "none")] : locks.value.map((lock) => judgeLock(lock, stack, now));
}
