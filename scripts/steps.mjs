// The steps that make a checkout ready, one function each: each says what it does and how long it takes,
// and does nothing when its result is there. Plain JavaScript for Node 20, without node_modules.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findNode, keepCompiled } from "./node.mjs";
import { asRoot, CHECKOUT, hasCommand, isRoot, run, runLogged, SetupError, succeeds } from "./processes.mjs";

const say = (line) => console.log(`• ${line}`);

/** The libraries of package-lock.json, exactly, and none of their install scripts. */
export async function dependencies() {
  const lock = path.join(CHECKOUT, "package-lock.json");
  const stamp = path.join(CHECKOUT, "node_modules", ".planet-lock");
  const hash = createHash("sha256").update(readFileSync(lock)).digest("hex");
  if (existsSync(stamp) ? readFileSync(stamp, "utf8") === hash : wasInstalledAfter(lock)) {
    if (!existsSync(stamp)) writeFileSync(stamp, hash);
    return;
  }
  say("installs the libraries with npm ci, about 1 minute");
  await runLogged("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  writeFileSync(stamp, hash);
}

/** Somebody ran npm by hand: npm leaves the lock that it installed from. */
function wasInstalledAfter(lock) {
  const installed = path.join(CHECKOUT, "node_modules", ".package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

/** Servers of the local cloud are machines that really boot: that takes root. */
export function rights() {
  if (os.platform() !== "linux") {
    throw new SetupError(`the local cloud boots Linux machines in containers; this is ${os.platform()}. Use Linux.`);
  }
  if (isRoot() || succeeds("sudo", ["-n", "true"])) return;
  throw new SetupError(
    "booting servers on this machine needs root, or sudo that does not ask for a password.\n" +
      "Run the command as root, or allow it once: sudo -v, and then again.",
  );
}

const hasPip = () => succeeds("python3", ["-m", "pip", "--version"]);

/** What the local cloud, the build of the CLI and the checks need from Debian, and how to see that it is there. */
const DEBIAN_PACKAGES = [
  { name: "systemd-container", isThere: () => hasCommand("systemd-nspawn") },
  { name: "mmdebstrap", isThere: () => hasCommand("mmdebstrap") },
  { name: "nftables", isThere: () => hasCommand("nft") },
  { name: "iproute2", isThere: () => hasCommand("ip") },
  { name: "procps", isThere: () => hasCommand("sysctl") },
  { name: "shellcheck", isThere: () => hasCommand("shellcheck") },
  { name: "curl", isThere: () => hasCommand("curl") },
  // A client that is not ours puts objects into the bucket in the tests.
  { name: "python3-boto3", isThere: () => succeeds("/usr/bin/python3", ["-c", "import boto3"]) },
  { name: "jq", isThere: () => hasCommand("jq") }, // stands in for GitHub's `gh --jq` in the tests of the workflows
  // Only for the Go compiler's wheel, only where neither Pulumi nor Go is installed.
  { name: "python3-pip", isThere: () => hasCommand("pulumi-language-nodejs") || hasCommand("go") || hasPip() },
];

/** `npm run test:full` looks at pages in a real browser. */
export const BROWSER = { name: "chromium", isThere: () => hasCommand("chromium") };

/** Debian packages, only those that are missing. */
export async function debianPackages(...more) {
  const missing = [...DEBIAN_PACKAGES, ...more].filter(({ isThere }) => !isThere()).map(({ name }) => name);
  if (missing.length === 0) return;
  if (!hasCommand("apt-get")) {
    throw new SetupError(`these are missing, and there is no apt-get to install them: ${missing.join(", ")}`);
  }
  say(`installs ${missing.join(", ")} with apt-get, about 1 minute`);
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"];
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...missing]]) {
    const [program, ...rest] = asRoot([...apt, ...args]);
    await runLogged(program, rest);
  }
}

/** The Pulumi CLI with its plugins: an installed one, else a download, else a build that says how long it takes. */
export async function toolchain() {
  const pulumi = path.join(CHECKOUT, "packages", "toolchain", "bin", "pulumi.mjs");
  const code = await run(findNode(), [pulumi, "version"], environment(), ["inherit", "ignore", "inherit"]);
  explainFailure(code, "the Pulumi CLI", "set up");
}

/** The Debian image that the servers boot. */
export async function image() {
  const code = await planet("cloud", "image");
  explainFailure(code, "the image", "built");
}

/** A program that Ctrl-C or SIGTERM ended has given no reason. */
function explainFailure(code, thing, done) {
  if (code === 0) return;
  if (code !== 130 && code !== 143) throw new SetupError(`${thing} could not be ${done}; the reason is above`);
  throw new SetupError(`interrupted before ${thing} was ${done}. Run it again and it continues.`);
}

/** Runs the `planet` command. */
export function planet(...args) {
  if (!existsSync(path.join(CHECKOUT, "node_modules"))) {
    throw new SetupError(`${CHECKOUT} is not set up, so "planet ${args.join(" ")}" cannot run; npm start sets it up`);
  }
  return run(findNode(), [path.join(CHECKOUT, "packages", "cli", "bin", "planet.mjs"), ...args], environment());
}

/** Our own environment with the project's Node first, so that npm's scripts find it too. */
export function environment() {
  keepCompiled();
  const folders = [path.dirname(findNode()), path.join(CHECKOUT, "node_modules", ".bin"), process.env.PATH];
  return { ...process.env, PATH: folders.join(path.delimiter) };
}
