import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startEngine, type TestEngine } from "../harness/testEngine.ts";

const MINUTES = 60_000;

let engine: TestEngine;
beforeAll(async () => {
  engine = await startEngine("stack-adoption", "vpc");
}, 5 * MINUTES);
afterAll(() => engine?.stop(), MINUTES);

/** A planet from before this project managed its bucket: what its operators uploaded by hand. */
const INI = "[Planet]\nname = Old Planet\nlink = http://planet.example.org/\n\n[http://a.example/feed]\nname = A\n";
const CSS = "body { color: teal }\n";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
  "base64",
);
const OLD = { "planet.ini": INI, "planet.css": CSS, "logo.png": PNG };

test(
  "a bucket that was managed by hand is adopted once its files are in site/, and loses nothing",
  async () => {
    const { project, live, upload } = engine;
    for (const [name, bytes] of Object.entries(OLD)) await upload(name, bytes);
    await upload("minutes.txt", "of our meeting\n"); // no file of the planet

    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { exitCode, output } = await project.pulumi(args);
      expect(exitCode).not.toBe(0);
      expect(output).toContain("npx planet feeds pull --adopt");
      expect(output).toContain("-name = Old Planet");
    }
    expect(await live("manifest.json")).toContain("NoSuchKey");
    expect(await live("planet.ini")).toBe(INI);

    // What `planet feeds pull --adopt` does (tests/adoption.full.boot.test.ts runs it).
    await mkdir(join(project.directory, "site"), { recursive: true });
    for (const [name, bytes] of Object.entries(OLD)) await writeFile(join(project.directory, "site", name), bytes);
    const { output } = await project.up();
    expect(output).toContain("adopted the bucket planet");
    expect(await live("manifest.json")).toContain('"stack": "test"');
    expect([await live("planet.ini"), await live("planet.css"), await live("minutes.txt")]).toEqual([
      INI,
      CSS,
      "of our meeting\n",
    ]);
    await project.up("--expect-no-changes");
  },
  3 * MINUTES,
);

test(
  "a destroy deletes what the stack has written and stops at what others have written, with the next steps",
  async () => {
    const { project, live } = engine;
    const { exitCode, output } = await project.pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/1 object\(s\) that this stack does not own: minutes\.txt/);
    const [, forget = ""] = /pulumi state delete '([^']+)'/.exec(output) ?? [];
    await project.succeed(["state", "delete", forget, "--yes"]);
    await project.succeed(["destroy", "--yes", "--skip-preview"]);
    expect(await live("minutes.txt")).toBe("of our meeting\n");
  },
  2 * MINUTES,
);
