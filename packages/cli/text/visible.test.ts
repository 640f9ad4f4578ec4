import { describe, expect, test } from "@jest/globals";
import { cpuMs } from "../testing/cpuMs.ts";
import { cleanse, secretValues, visible } from "./visible.ts";

describe("cleanse", () => {
  test.each([
    ["plain text", "plain text"],
    ["red \u001b[31mtext\u001b[0m", "red text"],
    ["link \u001b]8;;http://x\u0007here\u001b]8;;\u0007", "link here"],
    ["back\bspace", "back[U+0008]space"],
    ["abc\u202edef", "abc[U+202E]def"],
    ["tab\tand\r\nline\n", "tab\tand\nline\n"],
    ["a console's\r\r\nline end", "a console's\nline end"],
    ["over\rwritten", "over[U+000D]written"],
  ])("%j is shown as %j", (text, shown) => expect(visible(text)).toBe(shown));

  test.each([
    ["DB_PASSWORD = hunter2", "DB_PASSWORD = [secret]"],
    ["+  api-token: abc", "+  api-token: [secret]"],
    ["-PLANET_SECRET='x'", "-PLANET_SECRET=[secret]"],
    ["https://u:p@h.example/x", "https://[secret]@h.example/x"],
    ["http://h.example/f?user=1&access_token=abc&x=2", "http://h.example/f?user=1&access_token=[secret]&x=2"],
    ["ghp_0123456789012345678901234567890123456", "[secret]"],
    ["AWS_SECRET_ACCESS_KEY is not set", "AWS_SECRET_ACCESS_KEY is not set"],
    ["the value abcdefgh1 here", "the value [secret] here"],
    ["split abcd\u001b[0mefgh1", "split [secret]"],
    ["[http://a.example/feed]", "[http://a.example/feed]"],
  ])("%j becomes %j", (text, shown) => expect(cleanse({ deep: [text] }, ["abcdefgh1"])).toEqual({ deep: [shown] }));

  test("short values and paths of the environment are not secrets", () => {
    const environment = {
      PULUMI_CONFIG_PASSPHRASE: "planet",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/home/user/passphrase",
      AWS_SECRET_ACCESS_KEY: "0123456789",
      GH_TOKEN: "0123456789abc",
      HOME: "/home/someone",
    };
    expect(secretValues(environment)).toEqual(["0123456789abc", "0123456789"]);
  });

  test.each(["-", "a", "&", "?key=", "http://", " ", "secret"])(
    "four times %j costs at most ten times as much",
    (text) => {
      const [once, more] = [50_000, 200_000].map((times) => cpuMs(() => cleanse(text.repeat(times), [])));
      expect(more).toBeLessThan(10 * Math.max(once ?? 0, 5));
    },
  );
});
