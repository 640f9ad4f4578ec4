import { describe, expect, test } from "@jest/globals";
import { addressPolicy, hostNameOf } from "./addresses.ts";

describe("addresses that no feed may reach", () => {
  const strict = addressPolicy([]);
  test.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.31.255.255",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::a00:1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fe80::1",
    "ff02::1",
    "::127.0.0.1",
    "::ffff:0:7f00:1",
    "64:ff9b:1::7f00:1",
    "2001:0:7f00:1::",
    "3fff::1",
    "5f00::1",
    "4000::1",
    "fe80::1%eth0",
    "not-an-address",
  ])("%s is refused", (address) => {
    expect(strict.refuses("blog.test", address)).toBe(true);
  });

  test.each(["93.184.216.34", "172.32.0.1", "2606:4700::1111", "::ffff:93.184.216.34"])("%s is not", (address) => {
    expect(strict.refuses("blog.test", address)).toBe(false);
  });

  test.each(["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "①27.0.0.1", "127.0.0.1."])(
    "%s is 127.0.0.1 in disguise",
    (host) => {
      const name = hostNameOf(new URL(`http://${host}/`));
      expect(strict.refuses(name, name)).toBe(true);
    },
  );
});

describe("exceptions", () => {
  const lenient = addressPolicy(["*.blogs.test", "intranet.test", "10.20.0.0/16", "192.168.7.7"]);
  test.each([
    ["lighthouse.blogs.test", "10.67.0.1", false],
    ["LIGHTHOUSE.blogs.test.", "10.67.0.1", false],
    ["blogs.test", "10.67.0.1", true],
    ["evilblogs.test", "10.67.0.1", true],
    ["intranet.test", "192.168.1.1", false],
    ["other.test", "10.20.255.1", false],
    ["other.test", "10.21.0.1", true],
    ["other.test", "192.168.7.7", false],
    ["lighthouse.blogs.test", "169.254.169.254", true],
    ["lighthouse.blogs.test", "::ffff:169.254.169.254", true],
    ["lighthouse.blogs.test", "fe80::1", true],
    ["lighthouse.blogs.test", "64:ff9b::a9fe:a9fe", true],
    ["lighthouse.blogs.test", "2002:a9fe:a9fe::", true],
    ["lighthouse.blogs.test", "::a9fe:a9fe", true],
    ["lighthouse.blogs.test", "64:ff9b:1::a9fe:a9fe", true],
    ["lighthouse.blogs.test", "2001:0:1::5601:5601", true],
    ["lighthouse.blogs.test", "127.0.0.1", true],
    ["lighthouse.blogs.test", "127.8.8.8", true],
    ["lighthouse.blogs.test", "0.0.0.0", true],
    ["lighthouse.blogs.test", "::1", true],
    ["lighthouse.blogs.test", "::", true],
    ["lighthouse.blogs.test", "::ffff:127.0.0.1", true],
    ["lighthouse.blogs.test", "64:ff9b::7f00:1", true],
    ["lighthouse.blogs.test", "fd12::1", false],
    ["lighthouse.blogs.test", "::ffff:10.67.0.1", false],
  ])("%s at %s: refused %s", (name, address, refused) => expect(lenient.refuses(name, address)).toBe(refused));

  test("an address of this machine is opened by that address alone", () => {
    const own = addressPolicy(["127.0.0.1", "::1"]);
    expect(
      ["127.0.0.1", "::ffff:127.0.0.1", "::1", "127.0.0.2"].map((address) => own.refuses("x.test", address)),
    ).toEqual([...[false, false, false, true]]);
  });

  test("the metadata service is refused whatever is allowed", () => {
    expect(addressPolicy(["0.0.0.0/0", "169.254.169.254"]).refuses("169.254.169.254", "169.254.169.254")).toBe(true);
  });
});
