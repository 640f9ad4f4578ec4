import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { exchange, type Reply, signedV4 } from "../testing/s3Client.ts";
import { eventually, startTestCloud, type TestCloud } from "../testing/testCloud.ts";
import type { LoggedRequest } from "./requestLog.ts";

let running: TestCloud;
beforeEach(async () => {
  running = await startTestCloud();
});
afterEach(() => running.close());

const ec2 = (parameters: Readonly<Record<string, string>>): Promise<Reply> => {
  const body = new URLSearchParams({ Version: "2016-11-15", ...parameters }).toString();
  const sent = { method: "POST", url: `${running.endpoint}/services/compute/`, body };
  return exchange(signedV4(sent, running.cloud.credentials).signed);
};
const s3Url = (path: string): string => `${running.endpoint}/services/objectstorage${path}`;
const s3 = (method: string, path: string, body = ""): Promise<Reply> =>
  exchange(signedV4({ method, url: s3Url(path), body }, running.cloud.credentials).signed);
const logged = async (count: number): Promise<readonly LoggedRequest[]> => {
  await eventually(() => running.cloud.requests.entries.length === count);
  return running.cloud.requests.entries;
};

test("an entry says who asked for what, with which result and when", async () => {
  await ec2({ Action: "DescribeInstances", "InstanceId.1": "i-1" });
  await s3("PUT", "/planet");
  await s3("GET", "/planet?max-keys=2&prefix=a");
  await exchange({ method: "GET", url: s3Url("/planet/planet.ini") });
  await exchange({ method: "GET", url: `${running.endpoint}/services/Nothing?a=b` });
  const entries = await logged(5);
  const from = { source: "127.0.0.1", fault: "" };
  expect(entries).toMatchObject([
    { ...from, id: 1, caller: "planet", service: "ec2", action: "DescribeInstances", parameters: "InstanceId.1=i-1" },
    { ...from, id: 2, caller: "planet", service: "s3", action: "CreateBucket", parameters: "planet", code: "" },
    { action: "ListObjects", parameters: "planet max-keys=2 prefix=a", status: 200 },
    { caller: "nobody", action: "GetObject", parameters: "planet/planet.ini", status: 404, code: "NoSuchKey" },
    { caller: "-", service: "-", action: "GET /services/Nothing", parameters: "", status: 404 },
  ]);
  expect(entries[0]).toMatchObject({ status: 400, code: "InvalidInstanceID.Malformed" });
  for (const { time, durationMs } of entries) {
    expect(Date.now() - Date.parse(time)).toBeLessThan(60_000);
    expect(durationMs).toBeGreaterThanOrEqual(0);
  }
});

test("an answer that never came, and the fault that kept it, are seen", async () => {
  running.cloud.setFault({ fault: "lost-answer", action: "AllocateAddress" });
  await expect(ec2({ Action: "AllocateAddress" })).rejects.toThrow();
  expect(await logged(1)).toMatchObject([{ action: "AllocateAddress", status: 0, fault: "lost-answer" }]);
});

test("no secret is in it: not of a launch, a key, a signature, a refused call", async () => {
  const { accessKeyId, secretAccessKey } = running.cloud.credentials;
  const hidden = "correct horse battery staple";
  const userData = Buffer.from(`password=${hidden}`).toString("base64");
  await ec2({ Action: "RunInstances", UserData: userData, AdditionalInfo: hidden, MinCount: "1", MaxCount: "1" });
  await ec2({ Action: "CreateKeyPair", KeyName: "k" });
  await s3("PUT", "/planet");
  await s3("PUT", "/planet/object", hidden);
  const expires = String(Math.floor(Date.now() / 1000) + 60);
  const text = `GET\n\n\n${expires}\n/planet/object`;
  const signature = createHmac("sha1", secretAccessKey).update(text).digest("base64");
  const query = new URLSearchParams({ AWSAccessKeyId: accessKeyId, Expires: expires, Signature: signature });
  expect((await exchange({ method: "GET", url: s3Url(`/planet/object?${query}`) })).status).toBe(200);
  await exchange({ method: "GET", url: s3Url(`/planet/object?${query}&versionId=wrong`) });
  await exchange({ method: "GET", url: `${running.endpoint}/services/compute/?${query}&Action=RunInstances` });
  const json = JSON.stringify(await logged(7));
  expect(json).toContain(`UserData=(${userData.length} characters)`);
  const secrets = [secretAccessKey, accessKeyId, hidden, userData, signature, encodeURIComponent(signature)];
  expect([...secrets, "PRIVATE KEY"].filter((secret) => json.includes(secret))).toEqual([]);
});

test("it is bounded, whatever is asked", async () => {
  await ec2({ Action: "DescribeInstances", "InstanceId.1": "i".repeat(100_000) });
  await s3("GET", `/planet/${"k".repeat(1_000)}`);
  for (const entry of await logged(2)) expect(JSON.stringify(entry).length).toBeLessThan(1_000);
  for (let call = 0; call < 1_000; call += 50) {
    await Promise.all(Array.from({ length: 50 }, () => exchange({ method: "GET", url: `${running.endpoint}/x` })));
  }
  await eventually(() => running.cloud.requests.entries.at(-1)?.id === 1_002);
  expect(running.cloud.requests.entries).toHaveLength(1_000);
  expect(running.cloud.requests.entries[0]?.id).toBe(3);
});
