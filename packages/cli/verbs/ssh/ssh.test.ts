import { expect, test } from "@jest/globals";
import { FakeEdges } from "../../deploy/testing/testEdges.ts";
import { createSshCommand } from "./sshCommand.ts";

async function ssh(config: Record<string, string>, argv: readonly string[], exitCode = 0) {
  const fake = new FakeEdges();
  const calls: (readonly string[])[] = [];
  const settings = Object.entries(config).map(([name, value]) => [`planet:${name}`, { value }]);
  const command = createSshCommand({
    read: (args, ...rest) => {
      if (args[0] !== "config") return fake.edges.read(args, ...rest);
      return Promise.resolve({ code: 0, stdout: JSON.stringify(Object.fromEntries(settings)) });
    },
    server: async () => ({
      ...{ instanceId: "i-1", address: "192.0.2.9", imageName: "debian-12" },
      readConsole: async () => "",
    }),
    publicKeys: async () => new Map(),
    localCloud: async (endpoint) => (endpoint === "http://10.67.9.1:8773" ? "rehearsal" : undefined),
    ssh: async (args) => {
      calls.push(args);
      return exitCode;
    },
  });
  return { code: await command.run(argv, fake.context), calls, err: fake.err };
}

const OPEN = { keyName: "mine", sshFrom: '["192.0.2.0/24"]' };

test("planet ssh says whom it logs in as, hands on the command and its exit code", async () => {
  const { code, calls, err } = await ssh(OPEN, ["--", "journalctl", "-t", "planet"], 7);
  expect(code).toBe(7);
  expect(calls[0]?.slice(-4)).toEqual(["debian@192.0.2.9", "journalctl", "-t", "planet"]);
  expect(err).toMatch(/^i-1 at 192\.0\.2\.9, user debian, key: .*mine\n$/);
});

test("planet ssh without a way in names what to set, and what works without it", async () => {
  const next = expect.stringMatching(/planet:sshFrom[\s\S]*planet logs/);
  await expect(ssh({ keyName: "mine" }, [])).rejects.toMatchObject({ code: "NO_SSH", next });
  expect((await ssh(OPEN, [], 255)).err).toContain("npx planet logs");
});

test("planet ssh names the command that enters a server of a local cloud, whatever its name", async () => {
  const next = expect.stringMatching(/`npx planet cloud ssh i-1 rehearsal` enters/);
  await expect(ssh({ endpoint: "http://10.67.9.1:8773" }, [])).rejects.toMatchObject({ code: "NO_SSH", next });
});
