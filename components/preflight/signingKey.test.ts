import { describe, expect, test } from "@jest/globals";
import { signingKeyId } from "./signingKey.ts";

const keys = { AWS_ACCESS_KEY_ID: "AKIAPLANET", AWS_SECRET_ACCESS_KEY: "s3cret" };

describe("signingKeyId", () => {
  test("is that of the environment's key", () => expect(signingKeyId(keys)).toBe("AKIAPLANET"));

  test("is that of a key of its own, beside a session's too", () => {
    const own = { PLANET_SIGNER_ACCESS_KEY_ID: "AKIASIGNER", PLANET_SIGNER_SECRET_ACCESS_KEY: "0wn" };
    expect(signingKeyId({ ...keys, AWS_SESSION_TOKEN: "token", ...own })).toBe("AKIASIGNER");
  });

  test("a session's key is refused before anything is made, with two next steps", () => {
    expect(() => signingKeyId({ ...keys, AWS_SESSION_TOKEN: "token" })).toThrow(
      expect.objectContaining({
        code: "SESSION_KEYS",
        message: expect.stringMatching(/PLANET_SIGNER_ACCESS_KEY_ID[\s\S]*planet:memory off[\s\S]*Nothing was changed/),
      }),
    );
  });

  test("no key at all is refused in the client's words", () => {
    const { AWS_SECRET_ACCESS_KEY: _, ...rest } = keys;
    expect(() => signingKeyId(rest)).toThrow(
      expect.objectContaining({
        code: "MISSING_CREDENTIALS",
        message: expect.stringContaining("AWS_SECRET_ACCESS_KEY"),
      }),
    );
  });
});
