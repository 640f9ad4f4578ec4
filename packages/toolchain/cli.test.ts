import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ensureBuiltCli } from "./buildCli.ts";
import { downloadCli } from "./downloadCli.ts";
import { findInstalledCli } from "./installedCli.ts";
import { placeBuiltCli, placeCommandPlugin } from "./layout.ts";
import { placesOf } from "./places.ts";
import { runProcess } from "./runProcess.ts";
import { isAtLeast, PULUMI_VERSION } from "./versions.ts";

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

describe("the official download", () => {
  test("is unpacked whole and proven to run", async () => {
    const release = path.join(folder, "release", "pulumi");
    script(path.join(release, "pulumi"), `echo v${PULUMI_VERSION}`);
    script(path.join(release, "pulumi-language-nodejs"), "true");
    await runProcess("tar", ["-czf", path.join(folder, "a.tar.gz"), "-C", path.join(folder, "release"), "pulumi"], {});
    const bytes = await readFile(path.join(folder, "a.tar.gz"));
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const pulumi = await downloadCli({ ...environment("/bin"), no_proxy: "*" }, () => undefined, url);
      expect(asked).toEqual([expect.stringMatching(/^\/pulumi-v3\.\d+\.\d+-linux-(x64|arm64)\.tar\.gz$/)]);
      expect((await readdir(path.dirname(pulumi ?? ""))).toSorted()).toEqual(["pulumi", "pulumi-language-nodejs"]);
    } finally {
      server.close();
    }
  });

  test("is given up at once if nothing answers, and leaves no entry", async () => {
    const lines: string[] = [];
    const nowhere = "http://127.0.0.1:1";
    const result = await downloadCli(
      { ...environment("/bin"), no_proxy: "*" },
      (line) => void lines.push(line),
      nowhere,
    );
    expect([result, lines]).toEqual([undefined, [expect.stringContaining("cannot be used here")]]);
    const left = await readdir(path.join(folder, "cache/planet/pulumi"));
    expect(left.map((name) => path.extname(name))).toEqual([".partial"]);
  });
});

describe("the layout in a checkout", () => {
  test("the CLI is a file of its own beside its host, and is placed once", async () => {
    const binary = script(path.join(folder, "cache", "pulumi"), "true");
    const places = placesOf(path.join(folder, "it's a checkout"));
    const placed = await placeBuiltCli(places, binary, process.execPath);
    const before = await stat(placed);
    await placeBuiltCli(places, binary, process.execPath);
    expect((await stat(placed)).ino).toBe(before.ino);
    expect((await readdir(places.bin)).toSorted()).toEqual(["pulumi", "pulumi-language-nodejs"]);
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
