import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createWordOnlyForwarder } from "../network/wordOnlyForwarder.ts";
import { pass, query } from "../testing/queryClient.ts";
import { exchange, type Reply, signedV4 } from "../testing/s3Client.ts";
import { eventually, startTestCloud, type TestCloud } from "../testing/testCloud.ts";
import { PageServer, pageToken } from "./pageServer.ts";

let running: TestCloud;
let server: Server;
let folder: string;
let origin: string;
beforeEach(async () => {
  running = await startTestCloud();
  folder = mkdtempSync(join(tmpdir(), "page-"));
  const page = new PageServer({
    cloud: running.cloud,
    routes: () => createWordOnlyForwarder({ moveDelayMs: 0, cutOnMove: false }).table(),
    settings: () => ({ driver: "none", moveDelayMs: 3_000, cutOnMove: false }),
    consoleFile: (id) => join(folder, `${id}.log`),
  });
  server = createServer((asked, response) => {
    if (page.takes(asked)) page.answer(asked, response);
    else running.cloud.handle(asked, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await running.close();
  rmSync(folder, { recursive: true });
});

type Headers = Readonly<Record<string, string>>;
const ENDPOINT = "http://10.67.0.1:8773";
const HOST = { Host: "10.67.0.1:8773" };
const token = (): Headers => ({ ...HOST, Authorization: `Bearer ${pageToken(running.cloud.credentials)}` });
const get = (path: string, headers: Headers): Promise<Reply> =>
  exchange({ method: "GET", url: `${origin}${path}`, headers });
const post = (path: string, body: string, headers: Headers = {}): Promise<Reply> => {
  const given = { ...token(), Origin: ENDPOINT, "Content-Type": "application/json", ...headers };
  return exchange({ method: "POST", url: `${origin}${path}`, body, headers: given });
};
const s3 = (method: string, path: string, body = "", headers: Headers = {}): Promise<Reply> => {
  const sent = { method, url: `${running.endpoint}/services/objectstorage${path}`, body, headers };
  return exchange(signedV4(sent, running.cloud.credentials).signed);
};
const ec2 = (parameters: Headers): Promise<Reply> => {
  const body = new URLSearchParams({ Version: "2016-11-15", ...parameters }).toString();
  const sent = { method: "POST", url: `${running.endpoint}/services/compute/`, body };
  return exchange(signedV4(sent, running.cloud.credentials).signed);
};
const launch = async (parameters: Headers = {}): Promise<string> => {
  const [ImageId = ""] = running.cloud.world.images.keys();
  const { text } = await ec2({ Action: "RunInstances", ImageId, MinCount: "1", MaxCount: "1", ...parameters });
  return /i-[0-9a-f]{17}/.exec(text)?.[0] ?? "";
};

/** A stream, and all that it has sent so far. */
function listen(path: string): Promise<{ answer: IncomingMessage; heard: () => string }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}${path}`, { headers: token() }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("error", () => {});
      resolve({ answer, heard: () => text });
    });
    asked.on("error", reject);
    asked.end();
  });
}

describe("who is let in", () => {
  test("the page's files are for everybody, and say nothing of the cloud", async () => {
    const index = await get("/", { ...HOST, Accept: "text/html,*/*" });
    expect([index.status, index.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const linked = [...index.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path);
    expect(linked).toEqual(["/page/style.css", "/page/app.js"]);
    for (const path of linked) expect((await get(path, HOST)).status).toBe(200);
  });

  test("to a client of the cloud the root is what it was, and so is the page by any other name", async () => {
    expect((await get("/", HOST)).text).toContain("<Code>404 Not Found</Code>");
    expect((await get("/", { Host: "planet.example:8773", Accept: "text/html" })).status).toBe(404);
    expect((await get("/page/app.js", { Host: "10.67.0.1" })).status).toBe(404);
    expect((await get("/page/events", { ...token(), Host: "rebound.example:8773" })).status).toBe(404);
  });

  test.each([
    "/page/events",
    "/page/console/i-00000001",
    "/page/objects/planet",
    "/page/../state.json",
    "/page/%2e%2e/pageServer.ts",
  ])("without the token %s is closed", async (path) => {
    const wrong = { ...HOST, Authorization: `Bearer ${"0".repeat(32)}` };
    const asked = [HOST, wrong, { ...HOST, Cookie: `token=${pageToken(running.cloud.credentials)}` }];
    for (const headers of asked) {
      const refused = await get(path, headers);
      expect([refused.status, JSON.parse(refused.text)]).toMatchObject([403, { code: "NO_TOKEN" }]);
    }
    expect((await get(`${path}?token=${pageToken(running.cloud.credentials)}`, HOST)).status).toBe(403);
  });

  test("a change needs the token and comes from the page", async () => {
    const fault = '{"fault":"throttling"}';
    const refused = [
      await post("/page/fault", fault, { Authorization: "Bearer x" }),
      await post("/page/fault", fault, { Origin: "http://10.67.0.1" }),
      await post("/page/fault", fault, { Origin: "http://evil.example" }),
      await post("/page/fault", fault, { Origin: "null" }),
      await post("/page/fault", fault, { "Content-Type": "text/plain" }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(running.cloud.faults.active).toEqual([]);
  });

  test("the browser is told to load nothing else and to frame it nowhere", async () => {
    const { headers } = await get("/", { ...HOST, Accept: "text/html" });
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src ${ENDPOINT}/page/;`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|'self'/);
    expect(headers).toMatchObject({
      ...{ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY" },
      "cache-control": "no-store",
    });
  });

  test("nothing in the page's files would be stopped by that: no inline script or style, no foreign code", () => {
    const view = new URL("view/", import.meta.url);
    for (const name of readdirSync(view)) {
      const text = readFileSync(new URL(name, view), "utf8");
      expect(text).not.toMatch(
        / style="| on\w+="|<script(?! type="module" src="\/page\/)|innerHTML|insertAdjacentHTML|eval\(/,
      );
      expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org)[\w.]+\.\w/);
      expect(text).not.toMatch(/localStorage|sessionStorage|document\.cookie/);
    }
  });
});

describe("what is shown", () => {
  test("a stream begins with the whole picture and goes on with what changes", async () => {
    const { heard, answer } = await listen("/page/events");
    expect(answer.headers["content-type"]).toBe("text/event-stream");
    await eventually(() => heard().includes("event: requests"));
    expect(heard()).toMatch(/^event: introduction\ndata: \{"name":"local","endpoint":/);
    await launch();
    await eventually(() => /"action":"RunInstances".*"state":"running"|"state":"running"/s.test(heard()));
    await eventually(() => heard().includes('"action":"RunInstances"'));
    const before = heard().length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(heard().slice(before)).toBe(""); // nothing has changed, nothing is sent
    answer.destroy();
  });

  test("load balancers and groups have who is in service, and why who is not", async () => {
    running.settings.now = new Date();
    const [ImageId = ""] = running.cloud.world.images.keys();
    await query(running, "elb", "CreateLoadBalancer", {
      ...{ LoadBalancerName: "planet", "AvailabilityZones.member.1": "one", "Listeners.member.1.Protocol": "HTTP" },
      ...{ "Listeners.member.1.LoadBalancerPort": 80, "Listeners.member.1.InstancePort": 8080 },
    });
    const lc = { LaunchConfigurationName: "lc", ImageId, InstanceType: "t2.small" };
    await query(running, "autoscaling", "CreateLaunchConfiguration", lc);
    await query(running, "autoscaling", "CreateAutoScalingGroup", {
      ...{ AutoScalingGroupName: "g", LaunchConfigurationName: "lc", MinSize: 1, MaxSize: 2 },
      ...{ "AvailabilityZones.member.1": "one", "LoadBalancerNames.member.1": "planet" },
    });
    running.cloud.setFault({ fault: "all-out-of-service" });
    await pass(running, 90);
    const { heard, answer } = await listen("/page/events");
    await eventually(() => heard().includes("event: picture"));
    const [, picture = "{}"] = /event: picture\ndata: (.*)\n/.exec(heard()) ?? [];
    const id = expect.stringMatching(/^i-/);
    expect(JSON.parse(picture)).toMatchObject({
      balancers: [
        {
          ...{ name: "planet", dnsName: "planet-000000000042.lb.cloud.internal", listeners: ["HTTP 80 → 8080"] },
          ...{ address: expect.stringMatching(/^127\.66\.0\./), check: "TCP:8080 every 30 s" },
          servers: [{ id, state: "OutOfService", reason: expect.stringMatching(/^Instance has failed/) }],
        },
      ],
      scalingGroups: [
        {
          ...{ name: "g", size: "1 (1–2)", configuration: "lc", balancers: ["planet"], suspended: [] },
          members: [{ id, lifecycle: "InService", health: "Healthy" }],
          last: expect.stringMatching(/^Launching a new EC2 instance: i-\w+: Successful$/),
        },
      ],
    });
    answer.destroy();
  });

  test("objects have their rule and what anybody gets", async () => {
    await s3("PUT", "/planet");
    await s3("PUT", "/planet/b", "12");
    await s3("PUT", "/planet/a", "1", { "x-amz-acl": "public-read" });
    expect(JSON.parse((await get("/page/objects/planet", token())).text)).toMatchObject({
      objects: [
        { key: "a", size: 1, acl: "public-read", anonymous: 200 },
        { key: "b", size: 2, acl: "private", anonymous: 403 },
      ],
      left: 0,
    });
    expect((await get("/page/objects/none", token())).status).toBe(404);
  });

  test("faults are set and cleared as by the command, with its refusals", async () => {
    expect((await post("/page/fault", '{"fault":"throttling","times":2}')).status).toBe(200);
    expect(running.cloud.faults.active).toMatchObject([{ fault: "throttling", times: 2 }]);
    expect(await post("/page/fault", '{"fault":"thunder"}')).toMatchObject({
      status: 400,
      text: expect.stringContaining("WRONG_FAULT"),
    });
    expect((await post("/page/fault", "{")).status).toBe(400);
    expect((await post("/page/fault", `"${"x".repeat(10_000)}"`)).status).toBe(400);
    expect((await post("/page/clear-fault", '{"fault":"throttling"}')).status).toBe(200);
    expect(running.cloud.faults.active).toEqual([]);
  });

  test("no secret leaves it: of user-data, keys, signatures, a key on a console or in a name", async () => {
    const { accessKeyId, secretAccessKey } = running.cloud.credentials;
    const hidden = "correct horse battery staple";
    const userData = Buffer.from(`password=${hidden}`).toString("base64");
    const { heard, answer } = await listen("/page/events");
    const id = await launch({ UserData: userData });
    await ec2({ Action: "CreateKeyPair", KeyName: "k" });
    await ec2({ Action: "CreateTags", "ResourceId.1": id, "Tag.1.Key": "key", "Tag.1.Value": secretAccessKey });
    await s3("PUT", "/planet");
    await s3("PUT", `/planet/${secretAccessKey}`, hidden);
    await exchange({ method: "GET", url: `${running.endpoint}/services/objectstorage/planet/x?Signature=SIGNATURE` });
    writeFileSync(join(folder, `${id}.log`), `the key is ${secretAccessKey}\n`);
    const shown = await listen(`/page/console/${id}`);
    await eventually(() => shown.heard().includes("the key is (secret key)"));
    await eventually(() => heard().includes('"action":"GetObject"') && heard().includes('"key"'));
    const objects = (await get("/page/objects/planet", token())).text;
    const all = [heard(), shown.heard(), objects].join("\n");
    const secrets = [secretAccessKey, accessKeyId, hidden, userData, "SIGNATURE", "PRIVATE KEY"];
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
    answer.destroy();
    shown.answer.destroy();
  });

  test("a console is followed", async () => {
    const id = await launch();
    writeFileSync(join(folder, `${id}.log`), "first\n");
    const { heard, answer } = await listen(`/page/console/${id}`);
    await eventually(() => heard().includes('event: console\ndata: "first\\n"'));
    appendFileSync(join(folder, `${id}.log`), "zwölf\n");
    await eventually(() => heard().includes('data: "zwölf\\n"'));
    answer.destroy();
    expect((await get("/page/console/i-00000009", token())).status).toBe(404);
    expect((await get("/page/console/..%2f..", token())).status).toBe(404);
  });
});

describe("what it costs", () => {
  test("a seventeenth stream is refused, and let in when one has gone", async () => {
    const streams = await Promise.all(Array.from({ length: 16 }, () => listen("/page/events")));
    expect((await get("/page/events", token())).status).toBe(503);
    streams[0]?.answer.destroy();
    await eventually(async () => {
      const { answer } = await listen("/page/events");
      answer.destroy();
      return answer.statusCode === 200;
    });
    for (const { answer } of streams) answer.destroy();
  });

  test("who does not read is let go, and holds nobody", async () => {
    const slow = connect((server.address() as AddressInfo).port, "127.0.0.1");
    slow.on("error", () => {});
    const head = Object.entries(token()).map(([name, value]) => `${name}: ${value}\r\n`);
    slow.write(`GET /page/events HTTP/1.1\r\n${head.join("")}\r\n`);
    slow.pause();
    const { heard, answer } = await listen("/page/events");
    let count = 0;
    // Each change of a long description is a new picture.
    const flood = setInterval(() => {
      count += 1;
      running.cloud.world.addGroup(`group-${count}`, "x".repeat(100_000));
    }, 100);
    await eventually(() => heard().includes("group-1"));
    expect((await ec2({ Action: "DescribeImages" })).status).toBe(200);
    const begin = Date.now();
    while ((await connections()) > 1 && Date.now() - begin < 15_000)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await connections()).toBe(1); // the one that reads
    clearInterval(flood);
    answer.destroy();
    slow.destroy();
  });
});

const connections = (): Promise<number> =>
  new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
