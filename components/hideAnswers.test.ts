import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "@jest/globals";
import { hideAnswers } from "./hideAnswers.ts";

/** What the SDK would print with `--debug`. */
function shown(message: string): string {
  const said: string[] = [];
  const log = {
    debug: (text: string) => {
      said.push(text);
      return Promise.resolve();
    },
  };
  hideAnswers(log);
  void log.debug(message);
  return said.join();
}

test("an answer of the engine is left out of a line of --debug, however many lines it has", () => {
  const line = "RegisterResource RPC finished: resource:x[t:a:B]; err: null, resp: urn,id\nSECRET\n";
  expect(shown(line)).toBe("RegisterResource RPC finished: resource:x[t:a:B]; err: null, resp: (not shown)");
  expect(shown("Registering resource: t=t:a:B, name=resp: x")).toBe("Registering resource: t=t:a:B, name=resp: x");
});

test("the SDK words it so, in each place", () => {
  const sdk = createRequire(import.meta.url).resolve("@pulumi/pulumi/runtime/resource.js");
  const places = readFileSync(sdk, "utf8").match(/log\.debug\([^\n]*\bresp: \$\{[^\n]*/g) ?? [];
  expect(places.length).toBeGreaterThan(2);
  for (const place of places) expect(place).toMatch(/`\w+ (Invoke )?RPC finished: .*, resp: \$\{/);
});
