import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { AUTO_SCALING_CALLS, EC2_CALLS, ELB_CALLS } from "@planet/eucalyptus-client";
import { resources } from "../resources/index.ts";
import { CALL_SOURCES } from "./testing/callSources.ts";
import { gatherFacts, type TypeFacts } from "./testing/facts.ts";
import { endAll, live, lives } from "./testing/lives.ts";
import { Recorder } from "./testing/recorder.ts";
import { renderCompatibility } from "./testing/renderCompatibility.ts";

const PAGE = new URL("../../../docs/compatibility.md", import.meta.url);

let types: TypeFacts[] = [];
let greeting: ReadonlySet<string> = new Set();
const seenCalls = new Set<string>();

beforeAll(async () => {
  const [edge, vpc] = [await Recorder.start("edge"), await Recorder.start("vpc")];
  try {
    const [inEdge, inVpc] = await Promise.all([live(edge), live(vpc)]);
    types = await gatherFacts({ edge: { recorder: edge, lived: inEdge }, vpc: { recorder: vpc, lived: inVpc } });
    await Promise.all([endAll(edge, inEdge), endAll(vpc, inVpc)]);
    greeting = edge.greeting;
    for (const { calls } of [edge, vpc])
      for (const names of calls.values()) for (const name of names) seenCalls.add(name);
  } finally {
    await edge.stop();
    await vpc.stop();
  }
}, 300_000);

describe("docs/compatibility.md (proves what the code does on the local cloud; not that a real one agrees)", () => {
  test("is what the code says (UPDATE_GOLDEN=1 rewrites it)", () => {
    const page = renderCompatibility(types, greeting);
    if (process.env.UPDATE_GOLDEN) writeFileSync(PAGE, page);
    expect(page).toBe(readFileSync(PAGE, "utf8"));
  });

  test("every resource type has a life, and asks the cloud in each part of it that changes or looks", () => {
    expect(lives.map(({ token }) => token).toSorted()).toEqual(resources.map(({ token }) => token).toSorted());
    for (const { token, calls } of types.filter((type) => lives.some((life) => life.token === type.token))) {
      for (const operation of ["create", "read", "delete"] as const) {
        expect({ token, operation, calls: calls(operation, "vpc") }).not.toMatchObject({ calls: [] });
      }
    }
  });

  test("every property that is not always refused is accepted in one of the modes: the trials are sound", () => {
    const lost = types.flatMap(({ token, properties }) =>
      properties.flatMap(({ name, change }) =>
        Object.values(change).every((word) => word.startsWith("refused")) ? `${token} ${name}` : [],
      ),
    );
    expect(lost).toEqual([]);
  });

  test("every call that the client can make of these services was seen, but for those for which there is a reason", () => {
    const all = [EC2_CALLS, ELB_CALLS, AUTO_SCALING_CALLS].flatMap((calls) => Object.keys(calls));
    const unseen = all.filter((name) => !seenCalls.has(name) && !greeting.has(name));
    expect(unseen).toEqual([
      "GetConsoleOutput", // the provider never makes it
      ...["ApplySecurityGroupsToLoadBalancer", "AttachLoadBalancerToSubnets", "DetachLoadBalancerFromSubnets"],
      // The local cloud has one zone and one subnet.
      ...["DisableAvailabilityZonesForLoadBalancer", "EnableAvailabilityZonesForLoadBalancer"],
    ]);
  });

  test("every call has its source", () => {
    expect([...seenCalls].filter((call) => !(call in CALL_SOURCES))).toEqual([]);
  });
});
