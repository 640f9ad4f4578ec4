import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { askServers, groupSize } from "./askServers.ts";
import { stateWith } from "./testing/testStatus.ts";

/** A balancer that sends each request to the next server; undefined: one that is dead. */
const servers: (string | undefined)[] = [];
let turn = 0;
const balancer = createServer((_, response) => {
  const instance = servers[turn++ % servers.length];
  if (instance === undefined) return void response.socket?.destroy();
  response.end(JSON.stringify({ release: "7cf675d4", boot: { instance_id: instance }, content: {}, counts: {} }));
});
const listening = new Promise<string>((resolve) => {
  balancer.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${(balancer.address() as AddressInfo).port}`));
});
afterEach(() => void balancer.close());

test("sees each of the servers that answer in turn, and counts what fails", async () => {
  const address = await listening;
  servers.push("i-1", "i-2");
  const seen = [1, 2].map((number) => ({ instanceId: `i-${number}`, release: "7cf675d4" }));
  expect(await askServers(address, 2)).toEqual({ wanted: 2, failed: 0, seen });
  servers.push(undefined);
  expect(await askServers(address, 3)).toMatchObject({ wanted: 3, failed: 4, seen });
});

test("how many there should be is what the group was made with", () => {
  expect(groupSize(stateWith())).toBeUndefined();
  const group = {
    urn: "a::b::c::planet-1",
    type: "aws:autoscaling/group:Group",
    id: "g",
    outputs: { desiredCapacity: 2 },
  };
  const state = stateWith([group]);
  expect(groupSize({ ...state, outputs: { ...state.outputs, dnsName: "x.lb" } })).toBe(2);
});
