import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

/** A registry that has a stranger's package of any name. */
async function startRegistry() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const name = decodeURIComponent((request.url ?? "").slice(1));
    const dist = { tarball: `http://${request.headers.host}/${name}/-/${name}-1.0.0.tgz`, shasum: "0".repeat(40) };
    const versions = { "1.0.0": { name, version: "1.0.0", bin: { [name]: "x.js" }, dist } };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name, "dist-tags": { latest: "1.0.0" }, versions }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, stop: () => server.close() };
}

test.each(["planet", "pulumi"])(
  "npx %s before npm ci fetches and runs nothing of a stranger",
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), "planet-npx-"));
    const registry = await startRegistry();
    try {
      copyFileSync(".npmrc", join(folder, ".npmrc"));
      writeFileSync(join(folder, "package.json"), "{}");
      const env: NodeJS.ProcessEnv = {
        ...process.env,
        npm_config_registry: registry.url,
        npm_config_cache: join(folder, "cache"),
      };
      delete env.npm_config_yes;
      const run = promisify(execFile)("npx", [name], { cwd: folder, env });
      await expect(run).rejects.toMatchObject({ stderr: expect.stringMatching(/canceled due to missing packages/) });
      expect(registry.asked.filter((path) => path.endsWith(".tgz"))).toEqual([]);
    } finally {
      registry.stop();
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
