import { describe, expect, test } from "@jest/globals";
import { STACK_TAG } from "@planet/eucalyptus-client/marks";
import { InitializationError, type Inputs } from "@planet/pulumi-plugin";
import { diffInputs } from "../rules/diffInputs.ts";
import { createRequest, deleteRequest, diffRequest, readRequest, updateRequest } from "../testing/facts.ts";
import { fakeBalancers, refusal } from "../testing/fakeBalancers.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { loadBalancer } from "./loadBalancer.ts";

const HTTP = { instancePort: 80, instanceProtocol: "http", lbPort: 80, lbProtocol: "http" };
const CHECK = { target: "http:80/healthz", interval: 10, timeout: 5, unhealthyThreshold: 3, healthyThreshold: 2 };
const program: Inputs = {
  ...{ name: "web", availabilityZones: ["one"], listeners: [HTTP], healthCheck: CHECK, idleTimeout: 20 },
  ...{ crossZoneLoadBalancing: true, tags: { a: "b" } },
};

/** A cloud with a fake of the service, and one that has made `program`. */
function cloudWith(mode: "edge" | "vpc" = "edge", overrides: object = {}) {
  const { balancers, elb } = fakeBalancers();
  return { balancers, ...fakeCloud({ mode, elb: { ...elb, ...overrides } }) };
}
async function made(news = program, mode: "edge" | "vpc" = "edge") {
  const fake = cloudWith(mode);
  const { id, state } = await loadBalancer.create(fake.cloud, createRequest(news));
  return { ...fake, id, state };
}
const writes = ({ calls }: { calls: readonly (readonly unknown[])[] }) =>
  calls.map(([name]) => String(name)).filter((name) => !/^(describe|find)/.test(name));

describe("a balancer", () => {
  test("is made with its stack's tag by the first call, then set up", async () => {
    const { balancers, state, id } = await made();
    expect(id).toBe("web");
    expect(balancers.get("web")).toMatchObject({
      attributes: { idleTimeout: 20, isCrossZone: true },
      tags: { a: "b", [STACK_TAG]: "p/s" },
      live: { zones: ["one"], healthCheck: CHECK },
    });
    expect(state).toMatchObject({
      ...program,
      arn: "arn:aws:elasticloadbalancing:eucalyptus:000000000042:loadbalancer/web",
      dnsName: "web-000000000042.lb.internal",
      tagsAll: { a: "b" },
      sourceSecurityGroup: "000000000001/elb",
    });
  });

  test("is read back as it was written, whatever the case of its protocols", async () => {
    const { cloud, state } = await made();
    const found = await loadBalancer.read(cloud, readRequest("web", { inputs: program, state }));
    expect(found).toEqual({ id: "web", inputs: program, state });
  });

  test("imported, is no difference to the program that one would write", async () => {
    const { cloud } = await made();
    const found = await loadBalancer.read(cloud, readRequest("web"));
    const { availabilityZones: _zones, ...rest } = program;
    for (const news of [program, { ...rest, healthCheck: CHECK }]) {
      expect(diffInputs(loadBalancer, found?.inputs ?? {}, news, "edge", found?.state).detailed).toEqual({});
    }
  });

  test("does not change when a server of it is healed, nor when no zone is in service", async () => {
    const { cloud, balancers, state } = await made();
    const balancer = balancers.get("web");
    if (balancer) balancer.live = { ...balancer.live, instanceIds: ["i-1", "i-2"], zones: [] };
    expect(await loadBalancer.read(cloud, readRequest("web", { inputs: program, state }))).toEqual({
      id: "web",
      inputs: program,
      state,
    });
  });

  test("that is gone is gone", async () => {
    expect(await loadBalancer.read(cloudWith().cloud, readRequest("web", { inputs: program }))).toBeUndefined();
  });
});

describe("an update", () => {
  test("of nothing writes nothing", async () => {
    const fake = await made();
    fake.calls.splice(0);
    await loadBalancer.update(fake.cloud, updateRequest({ id: "web", oldInputs: program, news: program }));
    expect(
      writes(fake).filter((name) => name !== "removeTags" && name !== "addTags" && !/Zones|Listeners/.test(name)),
    ).toEqual([]);
  });

  test("adds listeners and zones before it takes others away, and a changed port is closed but for a moment", async () => {
    const fake = await made({ ...program, listeners: [HTTP, { ...HTTP, lbPort: 8080 }] });
    fake.calls.splice(0);
    const news = {
      ...program,
      availabilityZones: ["two"],
      listeners: [
        { ...HTTP, instancePort: 81 },
        { ...HTTP, lbPort: 443, lbProtocol: "tcp", instanceProtocol: "tcp" },
      ],
    };
    await loadBalancer.update(fake.cloud, updateRequest({ id: "web", oldInputs: program, news }));
    const done = fake.calls.filter(([name]) => /Listeners|Zones/.test(name)).map(([name, , what]) => [name, what]);
    expect(done).toMatchObject([
      ["createListeners", [{ port: 443 }]],
      ["deleteListeners", [80, 8080]],
      ["createListeners", [{ port: 80, instancePort: 81 }]],
      ["enableZones", ["two"]],
      ["disableZones", ["one"]],
    ]);
    expect(fake.balancers.get("web")?.live.zones).toEqual(["two"]);
  });

  test("takes away the tags that the program had, and no others", async () => {
    const fake = await made();
    Object.assign(fake.balancers.get("web")?.tags ?? {}, { foreign: "x" });
    const news = { ...program, tags: { c: "d" } };
    await loadBalancer.update(fake.cloud, updateRequest({ id: "web", oldInputs: program, news }));
    expect(fake.balancers.get("web")?.tags).toEqual({ c: "d", foreign: "x", [STACK_TAG]: "p/s" });
  });

  test("of the health check says that all servers are out for seconds: in the preview, and where there are servers", async () => {
    const fake = await made();
    const news = { ...program, healthCheck: { ...CHECK, interval: 11 } };
    const request = updateRequest({ id: "web", olds: program, oldInputs: program, news });
    await loadBalancer.previewUpdate?.(fake.cloud, request);
    expect(fake.said.at(-1)).toContain("readers get 503");
    const said = fake.said.length;
    await loadBalancer.update(fake.cloud, request);
    expect(fake.said).toHaveLength(said);
    const balancer = fake.balancers.get("web");
    if (balancer) balancer.live = { ...balancer.live, instanceIds: ["i-1"] };
    await loadBalancer.update(fake.cloud, { ...request, news: program });
    expect(fake.said.at(-1)).toContain("readers get 503");
  });
});

test("a balancer that is gone is made again, also without a refresh", async () => {
  const { cloud, balancers, state } = await made();
  const plain = { changes: false, replaces: [], detailed: {}, deleteBeforeReplace: false, stables: [] };
  const request = diffRequest({ id: "web", olds: state, oldInputs: program, news: program });
  expect(await loadBalancer.diffInCloud?.(cloud, request, plain)).toBe(plain);
  balancers.clear();
  expect(await loadBalancer.diffInCloud?.(cloud, request, plain)).toMatchObject({ replaces: ["arn"] });
});

describe("a name that is taken", () => {
  test.each([
    { name: "left by a kill right after the call", tags: { [STACK_TAG]: "p/s" }, isOurs: true },
    { name: "another stack's", tags: { [STACK_TAG]: "p/other" }, isOurs: false },
    { name: "nobody's that we know", tags: {}, isOurs: false },
  ])("$name: taken over and set up: $isOurs", async ({ tags, isOurs }) => {
    const { balancers, elb } = fakeBalancers();
    const { cloud } = fakeCloud({ mode: "edge", elb });
    elb.createLoadBalancer({ name: "web", listeners: [], zones: ["two"], tags });
    const create = loadBalancer.create(cloud, createRequest(program));
    if (!isOurs) await expect(create).rejects.toMatchObject({ code: "BALANCER_EXISTS" });
    else {
      expect(await create).toMatchObject({ id: "web", state: { listeners: [HTTP], availabilityZones: ["one"] } });
      expect(balancers.get("web")?.attributes.idleTimeout).toBe(20);
    }
  });

  test("in other capitals it is somebody else's", async () => {
    const { elb } = fakeBalancers();
    elb.createLoadBalancer({ name: "Web", listeners: [], tags: { [STACK_TAG]: "p/s" } });
    const { cloud } = fakeCloud({ mode: "edge", elb });
    await expect(loadBalancer.create(cloud, createRequest(program))).rejects.toMatchObject({ code: "BALANCER_EXISTS" });
  });

  test("one that is seen from elsewhere is not taken over", async () => {
    const { elb } = fakeBalancers();
    elb.createLoadBalancer({ name: "web", listeners: [], isInternal: true, tags: { [STACK_TAG]: "p/s" } });
    const { cloud } = fakeCloud({ elb });
    await expect(loadBalancer.create(cloud, createRequest(program))).rejects.toMatchObject({ code: "BALANCER_EXISTS" });
  });
});

describe("a create that ends badly", () => {
  test("but acted is gone on with", async () => {
    const { elb } = fakeBalancers();
    const createLoadBalancer = (wanted: Parameters<typeof elb.createLoadBalancer>[0]) => {
      elb.createLoadBalancer(wanted);
      throw refusal("InternalFailure", "no", 500);
    };
    const { cloud } = fakeCloud({ mode: "edge", elb: { ...elb, createLoadBalancer } });
    expect(await loadBalancer.create(cloud, createRequest(program))).toMatchObject({ id: "web" });
  });

  test("waits while the cloud still cleans up the one that had the name, and says so", async () => {
    const { elb } = fakeBalancers();
    let tries = 0;
    const createLoadBalancer = (wanted: Parameters<typeof elb.createLoadBalancer>[0]) => {
      tries += 1;
      if (tries < 3) {
        throw refusal(
          "InternalFailure",
          "Cleaning up the previous ELB with the same name. Retry in a few minutes.",
          500,
        );
      }
      return elb.createLoadBalancer(wanted);
    };
    const fake = fakeCloud({ mode: "edge", elb: { ...elb, createLoadBalancer } });
    expect(await loadBalancer.create(fake.cloud, createRequest(program))).toMatchObject({ id: "web" });
    expect(fake.said.filter((text) => text.includes("still cleans up"))).toHaveLength(2);
  });

  test("that is refused takes nothing over", async () => {
    const createLoadBalancer = () => {
      throw refusal("TooManyAccessPoints");
    };
    const { cloud } = cloudWith("edge", { createLoadBalancer });
    await expect(loadBalancer.create(cloud, createRequest(program))).rejects.toMatchObject({
      code: "TooManyAccessPoints",
    });
  });

  test("after the balancer is there keeps it", async () => {
    const configureHealthCheck = () => {
      throw refusal("InvalidConfigurationRequest", "no", 409);
    };
    const { cloud } = cloudWith("edge", { configureHealthCheck });
    await expect(loadBalancer.create(cloud, createRequest(program))).rejects.toBeInstanceOf(InitializationError);
  });
});

const noGroups = { describeGroups: () => [] };

test("a delete that acted and answered 500 is done", async () => {
  const { elb } = fakeBalancers();
  elb.createLoadBalancer({ name: "web", listeners: [], tags: {} });
  const deleteLoadBalancer = (name: string) => {
    elb.deleteLoadBalancer(name);
    throw refusal("InternalFailure", "no", 500);
  };
  const { cloud } = fakeCloud({ autoScaling: noGroups, elb: { ...elb, deleteLoadBalancer } });
  await loadBalancer.delete(cloud, deleteRequest("web"));
  expect(elb.findLoadBalancer("web")).toBeUndefined();
});

test("a delete waits for the groups that name it, and says which: they would end and start servers for ever", async () => {
  const { balancers, elb } = fakeBalancers();
  elb.createLoadBalancer({ name: "web", listeners: [], tags: {} });
  let looks = 0;
  const describeGroups = () => {
    looks += 1;
    return looks < 4 ? [{ name: "g", loadBalancerNames: ["web"], tags: [] }] : [];
  };
  const fake = fakeCloud({ autoScaling: { describeGroups }, elb });
  await loadBalancer.delete(fake.cloud, deleteRequest("web"));
  expect([balancers.size, fake.said]).toEqual([0, ["g still names web", "g still names web"]]);

  elb.createLoadBalancer({ name: "web", listeners: [], tags: {} });
  const users = { describeGroups: () => [{ name: "g", loadBalancerNames: ["web"], tags: [] }] };
  const { cloud } = fakeCloud({ autoScaling: users, elb });
  await expect(loadBalancer.delete(cloud, deleteRequest("web"))).rejects.toMatchObject({ code: "WAITED_TOO_LONG" });
  expect(balancers.size).toBe(1);
});

test("a delete where the user may not ask Auto Scaling deletes all the same", async () => {
  const { balancers, elb } = fakeBalancers();
  elb.createLoadBalancer({ name: "web", listeners: [], tags: {} });
  const describeGroups = () => {
    throw refusal("UnauthorizedOperation", "no", 403);
  };
  await loadBalancer.delete(fakeCloud({ autoScaling: { describeGroups }, elb }).cloud, deleteRequest("web"));
  expect(balancers.size).toBe(0);
});

describe("what the checks say", () => {
  const facts = { name: "n", urn: "u", randomSeed: new Uint8Array(4) };
  const reasons = (news: Inputs, mode: "edge" | "vpc") =>
    (loadBalancer.problems?.(news, { ...facts, mode }) ?? []).map(({ property }) => property);

  test.each<{ name: string; news: Inputs; edge: string[]; vpc: string[] }>([
    { name: "zones", news: { availabilityZones: ["one"] }, edge: [], vpc: [] },
    { name: "no place", news: {}, edge: [""], vpc: [""] },
    {
      name: "both places",
      news: { availabilityZones: ["one"], subnets: ["s"], securityGroups: ["sg-1"] },
      edge: ["", "subnets", "securityGroups"],
      vpc: [""],
    },
    { name: "subnets without groups", news: { subnets: ["s"] }, edge: ["subnets"], vpc: ["securityGroups"] },
    { name: "internal", news: { availabilityZones: ["one"], internal: true }, edge: ["internal"], vpc: [] },
  ])("$name", ({ news, edge, vpc }) => {
    expect({ edge: reasons(news, "edge"), vpc: reasons(news, "vpc") }).toEqual({ edge, vpc });
  });

  test.each<{ name: string; property: string; value: unknown; isFine: boolean }>([
    ...[1, 3600].map((value) => ({ name: `${value} s`, property: "idleTimeout", value, isFine: true })),
    ...[0, 3601].map((value) => ({ name: `${value} s`, property: "idleTimeout", value, isFine: false })),
    { name: "32 characters", property: "name", value: "a".repeat(32), isFine: true },
    { name: "33 characters", property: "name", value: "a".repeat(33), isFine: false },
    ...["-a", "a-", "a_b", "a.b"].map((value) => ({ name: value, property: "name", value, isFine: false })),
    { name: "a port twice", property: "listeners", value: [HTTP, HTTP], isFine: false },
    { name: "no listener", property: "listeners", value: [], isFine: false },
    { name: "port 22", property: "listeners", value: [{ ...HTTP, lbPort: 22 }], isFine: false },
    { name: "a port that is a text", property: "listeners", value: [{ ...HTTP, lbPort: "80" }], isFine: false },
    { name: "a field that the cloud would ignore", property: "listeners", value: [{ ...HTTP, x: 1 }], isFine: false },
    {
      name: "HTTPS without certificate",
      property: "listeners",
      value: [{ ...HTTP, lbProtocol: "https" }],
      isFine: false,
    },
    { name: "an ftp listener", property: "listeners", value: [{ ...HTTP, lbProtocol: "ftp" }], isFine: false },
    ...[4, 121, 7.5].map((interval) => ({
      name: `interval ${interval}`,
      property: "healthCheck",
      value: { ...CHECK, interval },
      isFine: false,
    })),
    { name: "threshold 1", property: "healthCheck", value: { ...CHECK, healthyThreshold: 1 }, isFine: false },
    { name: "HTTP without path", property: "healthCheck", value: { ...CHECK, target: "HTTP:80" }, isFine: false },
    { name: "TCP", property: "healthCheck", value: { ...CHECK, target: "tcp:80" }, isFine: true },
  ])("$property, $name: $isFine", ({ property, value, isFine }) => {
    const rule = loadBalancer.inputs[property];
    const reason = rule && rule.kind !== "refused" ? rule.problem?.(value as never) : "refused";
    expect(reason === undefined).toBe(isFine);
  });

  test("a made-up name fits: of the logical one stay 24 characters that a balancer's name may have", () => {
    const complete = (name: string) => loadBalancer.complete?.({}, { ...facts, name }).name;
    expect(complete("my_web.site")).toMatch(/^my-web-site-[0-9a-f]{7}$/);
    expect(String(complete("x".repeat(60)))).toHaveLength(32);
    expect(complete("…")).toMatch(/^balancer-[0-9a-f]{7}$/);
  });

  test("a name in other capitals is deleted before its replacement, a made-up one is not", () => {
    const inPlace = (old: string, now: string) => loadBalancer.replacesInPlace?.({ name: old }, { name: now });
    expect([inPlace("Web", "web"), inPlace("web-0a1b2c3", "web-0a1b2c4"), inPlace("web", "other")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
