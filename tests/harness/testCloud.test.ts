import { expect, test } from "@jest/globals";
import { TestCloud } from "./testCloud.ts";

test("clouds that run at the same time have endpoints, and with them name servers, of their own", async () => {
  const clouds = await Promise.all(["names-1", "names-2", "names-3"].map((name) => TestCloud.start(name)));
  const addresses = clouds.map(({ endpoint }) => new URL(endpoint).hostname);
  for (const cloud of clouds) await cloud.stop();
  expect(new Set(addresses).size).toBe(clouds.length);
});
