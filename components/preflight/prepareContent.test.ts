import { describe, expect, test } from "@jest/globals";
import { parseManifest, serializeManifest, sha256Of } from "@planet/content";
import type { LiveObject } from "@planet/content/live";
import { CloudError, FOREIGN_ANSWER } from "@planet/eucalyptus-client";
import { prepareContent } from "./prepareContent.ts";

const ini = "[Planet]\nname = P\nlink = http://p.example/\n\n[http://a.example/feed]\nname = A\n";
const site = [{ name: "planet.ini", bytes: Buffer.from(ini) }];
const settings = { stack: "local", overwrite: {}, leave: [] };

/** A bucket with these objects. */
const bucket =
  (objects: Record<string, string>) =>
  async (key: string): Promise<LiveObject> => {
    const text = objects[key];
    return text === undefined
      ? { state: "missing" }
      : { state: "present", bytes: Buffer.from(text), modified: undefined };
  };
const prepare = (objects: Record<string, string>, files = site) =>
  prepareContent(settings, files, "http://c.example/planet", bucket(objects));

describe("prepareContent", () => {
  test("makes a content release for an empty bucket", async () => {
    const content = await prepare({});
    expect(parseManifest(content.manifest)).toMatchObject({ stack: "local", files: [{ sha256: sha256Of(ini) }] });
    expect(sha256Of(content.pinned)).toBe(content.digest);
  });

  test("makes the same one again", async () => {
    const first = await prepare({});
    const again = await prepare({ "manifest.json": first.manifest, "planet.ini": ini });
    expect(again.manifest).toBe(first.manifest);
  });

  test("stops at a broken site folder before it reads anything", async () => {
    const read = () => Promise.reject(new Error("must not be asked"));
    const broken = [{ name: "planet.ini", bytes: Buffer.from("[http://a.example/feed\n") }];
    await expect(prepareContent(settings, broken, "", read)).rejects.toMatchObject({ code: "SITE" });
  });

  test("stops with a way out when the storage does not answer", async () => {
    const facts = { code: FOREIGN_ANSWER, status: 404, message: "a web page", action: "GET manifest.json" };
    const read = () => Promise.reject(new CloudError(facts));
    const preparing = prepareContent(settings, site, "http://c.example/planet", read);
    await expect(preparing).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringContaining("a web page"),
    });
  });

  test("stops at another stack's bucket", async () => {
    const { manifest } = await prepare({});
    const foreign = serializeManifest({ ...parseManifest(manifest), stack: "prod" });
    await expect(prepare({ "manifest.json": foreign })).rejects.toMatchObject({ code: "BUCKET_OF_OTHER_STACK" });
  });

  test("stops at somebody's edit", async () => {
    await expect(prepare({ "planet.ini": `${ini}; mine\n` })).rejects.toMatchObject({ code: "EDITED" });
  });
});
