import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { controlSocket } from "./localCloud.ts";
import { toolchainEnvironment } from "./toolchainEnvironment.ts";

let folder: string;
let cloud: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planet-env-"));
});
afterEach(async () => {
  const running = cloud;
  cloud = undefined;
  if (running) await new Promise((resolve) => running.close(resolve));
  rmSync(folder, { recursive: true });
});

async function environment(stack: string | undefined, env: NodeJS.ProcessEnv, notices: string[] = []) {
  const all = { PATH: "/bin", XDG_STATE_HOME: folder, ...env };
  return await toolchainEnvironment({ checkout: folder, stack, env: all, onNotice: (line) => void notices.push(line) });
}

async function startCloud(keys: object, name = "local") {
  const socket = controlSocket(name, { XDG_STATE_HOME: folder });
  mkdirSync(path.dirname(socket), { recursive: true });
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/status" ? 200 : 404;
    response.end(JSON.stringify(keys));
  });
  cloud = server;
  await new Promise<void>((resolve) => server.listen(socket, resolve));
}

const SHELL = {
  AWS_ACCESS_KEY_ID: "real",
  AWS_SECRET_ACCESS_KEY: "real",
  AWS_SESSION_TOKEN: "real",
  AWS_PROFILE: "work",
  PLANET_SIGNER_ACCESS_KEY_ID: "real",
  PLANET_SIGNER_SECRET_ACCESS_KEY: "real",
};

describe("the environment of pulumi", () => {
  test("keeps state in the checkout, and says so once", async () => {
    const notices: string[] = [];
    const first = await environment("prod", {}, notices);
    await environment("prod", {}, notices);
    expect(first.PULUMI_BACKEND_URL).toBe(`file://${folder}/.planet/state`);
    expect(notices).toEqual([expect.stringContaining("PULUMI_BACKEND_URL")]);
  });

  test("a user's choices win", async () => {
    const notices: string[] = [];
    const chosen = { PULUMI_BACKEND_URL: "s3://b", PULUMI_HOME: "/home/u/.pulumi", PULUMI_CONFIG_PASSPHRASE: "" };
    expect(await environment("local", chosen, notices)).toMatchObject(chosen);
    expect(notices).toEqual([]);
    const fromFile = await environment("local", { PULUMI_CONFIG_PASSPHRASE_FILE: "/f" });
    expect(fromFile.PULUMI_CONFIG_PASSPHRASE).toBeUndefined();
  });

  test("plugins are not downloaded behind the user's back, unless the home is the user's", async () => {
    const name = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION";
    expect((await environment(undefined, {}))[name]).toBe("true");
    expect((await environment(undefined, { PULUMI_HOME: "/h" }))[name]).toBeUndefined();
  });

  test.each([
    ["s3://planet-state/prod", {}, "true"],
    ["s3://planet-state/prod", { PULUMI_DIY_BACKEND_GZIP: "false" }, "false"],
    ["s3://planet-state/prod", { PULUMI_DIY_BACKEND_ZSTD: "true" }, undefined],
    ["file:///srv/state", {}, undefined],
  ])("a state in %s with %j: PULUMI_DIY_BACKEND_GZIP is %s", async (backend, chosen, expected) => {
    const result = await environment("prod", { PULUMI_BACKEND_URL: backend, ...chosen });
    expect(result.PULUMI_DIY_BACKEND_GZIP).toBe(expected);
  });

  test("stack local has the running cloud's keys, whatever the shell has", async () => {
    await startCloud({ running: true, accessKeyId: "AKIDLOCAL", secretAccessKey: "secret" });
    const local = await environment("local", SHELL);
    expect(local).toMatchObject({ AWS_ACCESS_KEY_ID: "AKIDLOCAL", AWS_SECRET_ACCESS_KEY: "secret" });
    expect(local).toMatchObject({ PULUMI_CONFIG_PASSPHRASE: "planet" });
    const others = Object.keys(SHELL).filter((name) => !(name in { AWS_ACCESS_KEY_ID: 1, AWS_SECRET_ACCESS_KEY: 1 }));
    for (const name of others) expect(local[name]).toBeUndefined();
  });

  test("stack local has no keys at all while its cloud does not run", async () => {
    expect((await environment("local", SHELL)).AWS_ACCESS_KEY_ID).toBeUndefined();
  });

  test("a stack at the endpoint of a local cloud of another name has its keys, unless the shell has some", async () => {
    const keys = { accessKeyId: "AKIDEDGE", secretAccessKey: "secret" };
    await startCloud({ running: true, endpoint: "http://10.67.3.1:8773", ...keys }, "edge2");
    const write = (endpoint: string) =>
      writeFileSync(path.join(folder, "Pulumi.edge.yaml"), `config:\n  planet:endpoint: ${endpoint}\n`);
    write("http://10.67.3.1:8773/");
    const edge = await environment("edge", {});
    expect(edge).toMatchObject({ AWS_ACCESS_KEY_ID: "AKIDEDGE", AWS_SECRET_ACCESS_KEY: "secret" });
    expect(edge.PULUMI_CONFIG_PASSPHRASE).toBeUndefined();
    expect(await environment("edge", SHELL)).toMatchObject(SHELL);
    write("http://10.67.4.1:8773");
    for (const stack of ["edge", "prod"]) expect((await environment(stack, {})).AWS_ACCESS_KEY_ID).toBeUndefined();
  });

  test("other stacks keep the shell's keys and get no passphrase", async () => {
    const prod = await environment("prod", SHELL);
    expect(prod).toMatchObject(SHELL);
    expect(prod.PULUMI_CONFIG_PASSPHRASE).toBeUndefined();
  });

  test("the project's Node and CLI come first on PATH, once", async () => {
    const once = await environment(undefined, {});
    const twice = await environment(undefined, { PATH: once.PATH });
    const node = path.dirname(process.execPath);
    expect(twice.PATH).toBe([node, path.join(folder, ".planet/toolchain/bin"), "/bin"].join(":"));
  });

  test("a proxy is kept away from 127.0.0.1", async () => {
    const proxied = await environment(undefined, { https_proxy: "http://proxy:3128", NO_PROXY: "intern" });
    expect([proxied.no_proxy, proxied.NO_PROXY]).toEqual(Array(2).fill("intern,127.0.0.1,localhost"));
    expect((await environment(undefined, {})).no_proxy).toBeUndefined();
  });
});
