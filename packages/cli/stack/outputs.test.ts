import { expect, test } from "@jest/globals";
import type { Context } from "../command.ts";
import { readDeployment } from "./outputs.ts";

const context = {} as Context;
const CONFIG = Object.fromEntries(
  Object.entries({ endpoint: "http://127.0.0.1:1", region: "eucalyptus", bucket: "planet" }).map(([name, value]) => [
    `planet:${name}`,
    { value, secret: false },
  ]),
);

const deployment = (outputs: object) => {
  const read = async ([verb]: readonly string[]) => {
    return { code: 0, stdout: JSON.stringify(verb === "config" ? CONFIG : outputs) };
  };
  return readDeployment("prod", { read }, context);
};
const common = { url: "http://planet.test/", release: "0a1b2c3d" };

test("one server is at its address", async () => {
  const outputs = { ...common, address: "192.0.2.9", instanceId: "i-1" };
  expect(await deployment(outputs)).toEqual(outputs);
});

test("several servers are at an address of their balancer; a name that nobody knows stays a name", async () => {
  const dnsName = "planet-prod-000000000042.lb.invalid";
  expect(await deployment({ ...common, dnsName, servers: 2 })).toEqual({
    ...{ ...common, address: dnsName, instanceId: "", servers: 2 },
  });
});

test("before the first update there is none", async () => {
  expect(await deployment({ contentDigest: "0a" })).toBeUndefined();
});
