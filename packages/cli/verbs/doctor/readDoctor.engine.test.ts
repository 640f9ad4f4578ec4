import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readDoctor } from "./readDoctor.ts";

const MINUTES = 60_000;
/** The salt is that of the passphrase `planet`. */
const STACK_FILE = `encryptionsalt: v1:l/TuA3H5Oso=:v1:PtLdNeMki5MuXnNC:jcrW+MDYJB6ncYaazk779VFSlqFcDw==
config:
  commands:create: "true"
`;

let checkout: string;
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), "planet-doctor-"));
  cpSync("packages/toolchain/testdata/commands", checkout, { recursive: true });
  mkdirSync(join(checkout, "state"));
  writeFileSync(join(checkout, "Pulumi.local.yaml"), STACK_FILE);
});
afterAll(() => rmSync(checkout, { recursive: true }));

function doctor(stack: string, variables: NodeJS.ProcessEnv) {
  const { PULUMI_HOME: _home, PULUMI_CONFIG_PASSPHRASE: _words, ...outer } = process.env;
  const environment = { ...outer, PULUMI_BACKEND_URL: `file://${checkout}/state`, ...variables };
  return readDoctor(stack, { checkout, shownNotices: new Set<string>(), environment, out: () => {}, err: () => {} });
}

describe("planet doctor with the real CLI (proves what it can read of state and passphrase; no cloud is asked)", () => {
  test.each([
    ["planet", "opens"],
    ["another", "wrong"],
  ])(
    "tries the passphrase %s, and leaves the stack's file as it is",
    async (PULUMI_CONFIG_PASSPHRASE, passphrase) => {
      const { subject, state } = await doctor("local", { PULUMI_CONFIG_PASSPHRASE });
      expect(subject).toMatchObject({ stack: "local", config: {} });
      expect(state).toMatchObject({ passphrase });
      expect(readFileSync(join(checkout, "Pulumi.local.yaml"), "utf8")).toBe(STACK_FILE);
    },
    MINUTES,
  );

  test(
    "distinguishes a stack that is not there from a place that cannot be read",
    async () => {
      expect((await doctor("prod", {})).subject).toMatchObject({ stack: "prod", unread: "stack" });
      const elsewhere = { PULUMI_BACKEND_URL: `file://${checkout}/nowhere` };
      expect((await doctor("prod", elsewhere)).subject).toMatchObject({ stack: "prod", unread: "backend" });
    },
    MINUTES,
  );

  test(
    "asks a bucket with the keys of the stack that is meant, and does not take its refusal for a missing stack",
    async () => {
      const asked: string[] = [];
      const refusing = createServer((request, response) => {
        asked.push(request.headers.authorization ?? "");
        response.writeHead(403).end();
      });
      await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
      const { port } = refusing.address() as AddressInfo;
      const { subject } = await doctor("prod", {
        PULUMI_BACKEND_URL: `s3://state?endpoint=http://127.0.0.1:${port}&use_path_style=true&region=eucalyptus`,
        AWS_ACCESS_KEY_ID: "OURS",
        AWS_SECRET_ACCESS_KEY: "secret",
      });
      refusing.close();
      expect(subject).toMatchObject({ unread: "backend" });
      expect(asked).toContainEqual(expect.stringContaining("Credential=OURS/"));
    },
    MINUTES,
  );
});
