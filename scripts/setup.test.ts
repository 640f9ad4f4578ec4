import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

const SCRIPTS = fileURLToPath(new URL(".", import.meta.url));
const TOOLS = ["sysctl", "systemd-nspawn", "mmdebstrap", "nft", "ip", "shellcheck", "curl", "go"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planet-setup-"));
  mkdirSync(path.join(folder, "checkout", "scripts"), { recursive: true });
  for (const name of readdirSync(SCRIPTS).filter((file) => file.endsWith(".mjs"))) {
    cpSync(path.join(SCRIPTS, name), path.join(folder, "checkout", "scripts", name));
  }
  writeFileSync(path.join(folder, "checkout", "package-lock.json"), "{}");
  fake("npm", 'mkdir -p node_modules; [ "$1" = ci ]');
  for (const name of TOOLS) fake(name, "true");
  fake("sudo", 'shift; exec "$@"');
  program("packages/toolchain/bin/pulumi.mjs");
  program("packages/cli/bin/planet.mjs");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A command that writes down how it was called and then does `text`. */
function fake(name: string, text: string) {
  const file = path.join(folder, "bin", name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${folder}/calls"\n${text}\n`);
  chmodSync(file, 0o755);
}

function program(name: string, exitCode = 0) {
  const file = path.join(folder, "checkout", name);
  mkdirSync(path.dirname(file), { recursive: true });
  const call = `\`${path.basename(name, ".mjs")} \${process.argv.slice(2).join(" ")}\\n\``;
  const text = `import { appendFileSync } from "node:fs";\nappendFileSync("${folder}/calls", ${call});`;
  writeFileSync(file, `${text}\nprocess.exitCode = ${exitCode};\n`);
}

function setup(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(folder, "checkout/scripts/setup.mjs"), ...args],
    {
      encoding: "utf8",
      env: { PATH: `${folder}/bin:/usr/bin:/bin`, HOME: folder },
    },
  );
  return { status, output: stderr + stdout };
}

function calls(): string[] {
  const lines = readFileSync(path.join(folder, "calls"), "utf8").trim().split("\n");
  writeFileSync(path.join(folder, "calls"), "");
  return lines.filter((line) => !line.startsWith("sudo"));
}

describe("setup.mjs (with commands that only write down how they were called)", () => {
  test("the first start installs the libraries, later ones go straight on", () => {
    expect(setup("start").status).toBe(0);
    const rest = ["pulumi version", "planet cloud image", "planet start"];
    expect(calls()).toEqual(["npm ci --ignore-scripts --no-audit --no-fund", ...rest]);

    expect(setup("start").status).toBe(0);
    expect(calls()).toEqual(rest);

    writeFileSync(path.join(folder, "checkout", "package-lock.json"), '{"changed": true}');
    setup("start");
    expect(calls()[0]).toMatch(/^npm ci/);
  });

  test("a step that fails stops the rest, and says whose words to read", () => {
    program("packages/toolchain/bin/pulumi.mjs", 1);
    const { status, output } = setup("start");
    expect([status, calls().at(-1)]).toEqual([1, "pulumi version"]);
    expect(output).toContain("the Pulumi CLI could not be set up");
  });

  test("what npm prints is in a log, of a failure the last words are shown", () => {
    fake("npm", 'mkdir -p node_modules; for i in $(seq 300); do echo "npm line $i"; echo "npm warning $i" >&2; done');
    const { status, output } = setup("start");
    expect(status).toBe(0);
    expect(output.trim().split("\n").length).toBeLessThanOrEqual(5);
    const log = readFileSync(path.join(folder, "checkout/.planet/setup.log"), "utf8");
    expect(log).toContain("npm line 300\nnpm warning 300\n");
    fake("npm", 'for i in $(seq 300); do echo "npm line $i"; done; exit 7');
    writeFileSync(path.join(folder, "checkout", "package-lock.json"), '{"changed": true}');
    const failed = setup("start");
    expect(failed.status).toBe(1);
    expect(failed.output).toMatch(
      /npm line 286\n[\s\S]*npm line 300\n\nnpm failed \(exit code 7\); all of it is in \.planet/,
    );
    expect(failed.output).not.toContain("npm line 285\n");
  });

  test("npm test ends with one line and its exit code, also when nothing could run", () => {
    fake("npm", "exit 5");
    const { status, output } = setup("test");
    expect([status, output.trimEnd().split("\n").at(-1)]).toEqual([1, "0 passed, 1 failed"]);
  });

  test("clean stops each cloud before it removes anything", () => {
    const clouds = path.join(folder, ".local/state/planet/clouds");
    for (const name of ["local", "trial"]) mkdirSync(path.join(clouds, name), { recursive: true });
    for (const name of [".local.lock", ".trial.lock"]) writeFileSync(path.join(clouds, name), "");
    mkdirSync(path.join(folder, "checkout/.planet"));
    mkdirSync(path.join(folder, "checkout/node_modules"));
    program("packages/cli/bin/planet.mjs", 1);
    expect(setup("clean").status).toBe(1);
    expect(readdirSync(clouds)).toEqual([".local.lock", ".trial.lock", "local", "trial"]);
    calls();

    program("packages/cli/bin/planet.mjs");
    expect(setup("clean")).toMatchObject({
      status: 0,
      output: expect.stringContaining(`removes ${folder}/.local/state/planet`),
    });
    expect(calls()).toEqual(["planet cloud stop local", "planet cloud stop trial"]);
    expect(readdirSync(path.join(folder, "checkout"))).not.toContain(".planet");
  });

  test("clean leaves the shared cache alone while another checkout fills it", async () => {
    const cache = path.join(folder, ".cache/planet");
    for (const name of ["pulumi", "images"]) mkdirSync(path.join(cache, name), { recursive: true });
    const lock = path.join(cache, "pulumi/3-abc.lock");
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: process.pid }));
    expect(setup("clean")).toMatchObject({ status: 1, output: expect.stringContaining(`process ${process.pid} is`) });

    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1 }));
    const builder = spawn("flock", [path.join(cache, "images/lock"), "sh", "-c", "echo held; exec cat"]);
    await new Promise((resolve) => builder.stdout.once("data", resolve));
    const { status, output } = setup("clean");
    builder.stdin.end();
    await new Promise((resolve) => builder.once("close", resolve));
    expect([status, output]).toEqual([1, expect.stringContaining("building an image")]);
    expect(readdirSync(cache)).toEqual(["images", "pulumi"]);

    expect(setup("clean").status).toBe(0);
    expect(readdirSync(path.dirname(cache))).toEqual([]);
  });

  test("what was interrupted is not said to have failed for a reason", () => {
    program("packages/toolchain/bin/pulumi.mjs", 130);
    expect(setup("start").output).toContain("interrupted before the Pulumi CLI was set up");
  });

  test("stop in a checkout that was never set up says so", () => {
    expect(setup("stop")).toMatchObject({ status: 1, output: expect.stringContaining("is not set up") });
  });

  test("an unknown verb shows the verbs", () => {
    expect(setup("stat")).toMatchObject({ status: 2, output: expect.stringContaining("start|stop|clean|test") });
  });
});
