import { afterEach, describe, expect, test } from "@jest/globals";
import { createClock } from "../clock.ts";
import { type CannedServer, cannedServer } from "../testing/cannedServer.ts";
import { EVERY_CALL } from "../testing/everyCall.ts";
import { fakePace } from "../testing/fakePace.ts";
import { createElb } from "./createElb.ts";

let server: CannedServer | undefined;
afterEach(() => server?.close());

/** Elastic Load Balancing that gives these answers, by action; without one: what was observed. */
async function elbWith(results: Readonly<Record<string, string>> = {}) {
  server = await cannedServer(({ parameters }) => {
    const { Action = "" } = parameters;
    const observed = EVERY_CALL.find(({ name }) => name === Action)?.good.body ?? "";
    const result = results[Action];
    const body =
      result === undefined
        ? observed
        : `<${Action}Response xmlns="x"><${Action}Result>${result}</${Action}Result><ResponseMetadata><RequestId>4f-1</RequestId></ResponseMetadata></${Action}Response>`;
    return { body };
  });
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const connection = { region: "r", credentials, clock: createClock(), pace: fakePace(), patienceMs: 0 };
  return { elb: createElb(`${server.origin}/services/LoadBalancing/`, connection), seen: server.seen };
}

const http = { protocol: "http", port: 80, instanceProtocol: "http", instancePort: 8080, certificateId: "" };

describe("Elastic Load Balancing on the wire (proves what is sent and read; not that a cloud takes it)", () => {
  test("a balancer is asked for in one signed POST, its protocols in capitals", async () => {
    const { elb, seen } = await elbWith();
    const made = await elb.createLoadBalancer({
      ...{ name: "web", listeners: [http], zones: ["one", "two"], tags: { "a b": "c&d" } },
    });
    expect(made).toBe("Lb2-000123456789.lb.localhost");
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: "POST", target: "/services/LoadBalancing/" });
    expect(seen[0]?.headers.get("Authorization")).toMatch(/\/r\/elasticloadbalancing\/aws4_request/);
    expect(seen[0]?.parameters).toEqual({
      Action: "CreateLoadBalancer",
      Version: "2012-06-01",
      LoadBalancerName: "web",
      "Listeners.member.1.Protocol": "HTTP",
      "Listeners.member.1.LoadBalancerPort": "80",
      "Listeners.member.1.InstanceProtocol": "HTTP",
      "Listeners.member.1.InstancePort": "8080",
      "AvailabilityZones.member.1": "one",
      "AvailabilityZones.member.2": "two",
      "Tags.member.1.Key": "a b",
      "Tags.member.1.Value": "c&d",
    });
  });

  test("a description is read as it was observed on 5.1.0", async () => {
    const { elb } = await elbWith();
    expect(await elb.findLoadBalancer("Lb2")).toEqual({
      name: "Lb2",
      dnsName: "Lb2-000123456789.lb.localhost",
      hostedZoneId: "",
      listeners: [{ protocol: "HTTP", port: 80, instanceProtocol: "HTTP", instancePort: 80, certificateId: "" }],
      zones: ["one"],
      subnetIds: [],
      vpcId: "",
      instanceIds: ["i-1"],
      healthCheck: {
        target: "HTTP:80/status.json",
        interval: 10,
        timeout: 5,
        unhealthyThreshold: 3,
        healthyThreshold: 2,
      },
      sourceGroup: "",
      securityGroupIds: [],
      scheme: "internet-facing",
    });
    expect(await elb.describeTags("Lb2")).toEqual({ planet: "x" });
    expect(await elb.describeInstanceHealth("Lb2")).toEqual([
      { instanceId: "i-1", state: "OutOfService", description: "Instance registration is still in progress." },
    ]);
  });

  test("case counts in names, and a balancer that is not there is an empty list", async () => {
    const { elb } = await elbWith();
    expect(await elb.findLoadBalancer("lb2")).toBeUndefined();
    await server?.close();
    const gone = await elbWith({
      DescribeLoadBalancers: "<LoadBalancerDescriptions/>",
      DescribeTags: "<TagDescriptions/>",
    });
    expect(await gone.elb.findLoadBalancer("Lb2")).toBeUndefined();
    expect(await gone.elb.describeTags("Lb2")).toEqual({});
  });

  test("a number that is none is never sent: the cloud would drop it and say nothing", async () => {
    const { elb, seen } = await elbWith();
    const listeners = [{ ...http, port: Number("abc") }];
    expect(() => elb.createLoadBalancer({ name: "web", listeners, zones: ["one"], tags: {} })).toThrow(TypeError);
    expect(seen).toEqual([]);
  });

  test("an answer that does not repeat what was asked for is not taken", async () => {
    const { elb } = await elbWith({
      RegisterInstancesWithLoadBalancer: "<Instances><member><InstanceId>i-2</InstanceId></member></Instances>",
      DeregisterInstancesFromLoadBalancer: "<Instances><member><InstanceId>i-1</InstanceId></member></Instances>",
    });
    const foreign = { code: "ForeignAnswer" };
    await expect(elb.registerInstances("Lb2", ["i-2", "i-1"])).rejects.toMatchObject(foreign);
    await expect(elb.deregisterInstances("Lb2", ["i-1"])).rejects.toMatchObject(foreign);
    const check = { target: "TCP:80", interval: 10, timeout: 5, unhealthyThreshold: 3, healthyThreshold: 2 };
    await expect(elb.configureHealthCheck("Lb2", check)).rejects.toMatchObject(foreign);
    await expect(elb.modifyAttributes("Lb2", { idleTimeout: 30, isCrossZone: true })).rejects.toMatchObject(foreign);
  });

  test("nothing is sent where nothing is asked for: an empty list is another question there", async () => {
    const { elb, seen } = await elbWith();
    await elb.registerInstances("Lb2", []);
    await elb.deregisterInstances("Lb2", []);
    await elb.createListeners("Lb2", []);
    await elb.deleteListeners("Lb2", []);
    await elb.removeTags("Lb2", []);
    expect(seen).toEqual([]);
  });
});
