import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readPublicKeys, type SshFacts, sshAccess } from "./sshAccess.ts";

const access = (config: Record<string, string>, more: Partial<SshFacts> = {}) =>
  sshAccess({
    config: { sshFrom: '["192.0.2.0/24"]', ...config },
    ...{
      stack: "prod",
      server: { instanceId: "i-1", address: "192.0.2.9" },
      imageName: "debian-12",
      user: "",
      key: "",
    },
    publicKeys: new Map([
      ["/h/.ssh/other", "ssh-rsa BBBB x"],
      ["/h/.ssh/id_rsa", "ssh-rsa AAAA anna@desk\n"],
    ]),
    ...more,
  });

describe("sshAccess (proves which user, key and host key are used; not that a server lets them in)", () => {
  test("the stack's own key is found by its public half, and each server has host keys of its own", () => {
    expect(access({ publicKey: "ssh-rsa AAAA planet" })).toEqual({
      isOpen: true,
      args: [
        ...["-o", "HostKeyAlias=planet-i-1", "-o", "StrictHostKeyChecking=accept-new"],
        ...["-i", "/h/.ssh/id_rsa", "debian@192.0.2.9"],
      ],
      note: "user debian, key: /h/.ssh/id_rsa",
    });
  });

  test.each<[string, Record<string, string>, Partial<SshFacts>, RegExp]>([
    ["Ubuntu's user", { keyName: "mine" }, { imageName: "ubuntu-24.04" }, /^user ubuntu, key: .* key pair mine$/],
    ["root without cloud-init", { keyName: "mine" }, { imageName: "debian-12-rc-local" }, /^user root/],
    ["whom somebody names", { keyName: "mine" }, { user: "anna", key: "/k" }, /^user anna, key: \/k$/],
    ["a key that is not here", { publicKey: "ssh-rsa CCCC" }, {}, /key: the private half of planet:publicKey$/],
  ])("%s", (_, config, more, note) => {
    expect(access(config, more)).toMatchObject({ isOpen: true, note: expect.stringMatching(note) });
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ["no key", {}, /config set planet:publicKey/],
    ["no network", { keyName: "mine", sshFrom: "[]" }, /config set --path 'planet:sshFrom\[0\]'/],
  ])("%s is answered with what to set", (_, config, next) => {
    expect(access(config)).toMatchObject({ isOpen: false, next: expect.stringMatching(next) });
  });
});

test("a user's public keys are known by the files of their private ones; without a folder there are none", async () => {
  const home = mkdtempSync(join(tmpdir(), "planet-keys-"));
  expect(await readPublicKeys(home)).toEqual(new Map());
  mkdirSync(join(home, ".ssh"));
  writeFileSync(join(home, ".ssh/id_rsa.pub"), "ssh-rsa AAAA");
  writeFileSync(join(home, ".ssh/id_rsa"), "secret");
  expect(await readPublicKeys(home)).toEqual(new Map([[join(home, ".ssh/id_rsa"), "ssh-rsa AAAA"]]));
  rmSync(home, { recursive: true });
});
