import { describe, expect, test } from "@jest/globals";
import { sha256Of } from "@planet/content";
import { publicBucketUrl } from "@planet/eucalyptus-client/serviceUrls";
import * as pulumi from "@pulumi/pulumi";
import { Balancer } from "./balancer.ts";
import { eucalyptusProvider } from "./cloud.ts";
import { ConfigBucket, type ConfigBucketArgs } from "./configBucket.ts";
import { permitKinds, serverSecrets } from "./permit.ts";
import type { ContentFile } from "./preflight/decideContent.ts";
import type { Content } from "./preflight/prepareContent.ts";
import { PublicAddress } from "./publicAddress.ts";
import { Publication } from "./publication.ts";
import { Readiness } from "./readiness.ts";
import { keyNameOf, Server, type ServerArgs } from "./server.ts";
import { registeredBy } from "./testing/testStack.ts";
import { Traffic } from "./traffic.ts";

const endpoint = "http://10.67.0.1:8773";
const release = "0a1b2c3d";
const inCloud = () => ({ providers: { aws: eucalyptusProvider("eucalyptus", { endpoint, region: "eucalyptus" }) } });

const file = (name: string, bytes: Buffer, more: Partial<ContentFile> = {}): ContentFile => {
  return { name, bytes, sha256: sha256Of(bytes), type: "text/plain", fromSite: true, keepLive: false, ...more };
};
const ini = file("planet.ini", Buffer.from("[Planet]\n"));
const logo = file("images/logo.png", Buffer.from([0x89, 0]), { type: "image/png" });
const content: Content = { files: [logo, ini], rescued: [], manifest: "M", digest: "d".repeat(64), pinned: "P" };
const bundle = { sha256: "b".repeat(64), path: ".planet/bundle/b.cjs" };
const short = (hash: string) => `config-object-${hash.slice(0, 16)}`;

describe("cloud", () => {
  test("names one endpoint for all services, and no keys", async () => {
    const found = await registeredBy(inCloud);
    const inputs = found.get("eucalyptus")?.inputs ?? {};
    expect(JSON.parse(String(inputs.endpoints))).toEqual([
      {
        ec2: `${endpoint}/services/compute/`,
        s3: `${endpoint}/services/objectstorage/`,
        sts: `${endpoint}/services/Tokens/`,
      },
    ]);
    expect(inputs).toMatchObject({ region: "eucalyptus", s3UsePathStyle: "true" });
    expect(Object.keys(inputs).filter((name) => /key|token|profile/i.test(name))).toEqual([]);
  });

  test("readers find the bucket without a slash at its end", () => {
    expect(publicBucketUrl(endpoint, "planet")).toBe(`${endpoint}/services/objectstorage/planet`);
  });
});

describe("ConfigBucket and Publication", () => {
  type Written = Pick<ConfigBucketArgs, "written" | "isKept">;
  const published = (more: Partial<Content> = {}, written: Written = { isKept: false }) =>
    registeredBy(() => {
      const whole = { ...content, ...more };
      const cloud = inCloud();
      const config = new ConfigBucket("config", { bucket: "planet", bundle, content: whole, ...written }, cloud);
      new Publication("publication", { config, content: whole, after: [] }, cloud);
    });

  test("keeps the immutable objects public, under their hash", async () => {
    const found = await published();
    expect(found.get("config-bucket")?.inputs).toEqual({ bucket: "planet" });
    expect(found.get(short(ini.sha256))).toMatchObject({
      parent: "config",
      provider: "eucalyptus",
      inputs: {
        bucket: "planet",
        key: `objects/${ini.sha256}`,
        acl: "public-read",
        contentType: "text/plain",
        content: "[Planet]\n",
      },
    });
    expect(found.get(short(bundle.sha256))?.inputs).toMatchObject({ key: `objects/${bundle.sha256}` });
    expect(found.get(short(content.digest))?.inputs).toMatchObject({ key: `objects/${content.digest}`, content: "P" });
  });

  test("switches by the manifest: after the immutable objects, before the live names", async () => {
    const found = await published();
    const immutable = [bundle.sha256, ini.sha256, logo.sha256, content.digest].map(short);
    expect(found.get("config-manifest")).toMatchObject({ inputs: { key: "manifest.json", content: "M" } });
    expect(found.get("config-manifest")?.dependsOn).toEqual(["config-bucket", ...immutable].toSorted());
    for (const name of ["config-live-planet.ini", "config-live-images/logo.png"]) {
      expect(found.get(name)?.dependsOn).toContain("config-manifest");
      expect(found.get(name)?.ignoreChanges).toEqual([]);
    }
  });

  test("the published objects have the URNs that they have had in states of earlier versions", async () => {
    const found = await published();
    expect(found.get("config-manifest")).toMatchObject({ parent: "publication" });
    expect(found.get("publication")?.type).toBe(found.get("config")?.type);
  });

  test("never writes over an edit that the deploy has nothing to do with", async () => {
    const found = await published({ files: [{ ...ini, keepLive: true }] });
    expect(found.get("config-live-planet.ini")?.ignoreChanges).toEqual(["content", "source", "contentBase64"]);
  });

  test("keeps an overwritten edit for good", async () => {
    const found = await published({
      rescued: [{ name: "planet.ini", sha256: "e".repeat(64), bytes: Buffer.from("x") }],
    });
    expect(found.get(`config-rescued-planet.ini-${"e".repeat(16)}`)).toMatchObject({
      retainOnDelete: true,
      inputs: { key: `objects/${"e".repeat(64)}`, content: "x", metadata: { "goes-with": "bucket" } },
    });
    expect(found.get("config-live-planet.ini")?.dependsOn).toContain(`config-rescued-planet.ini-${"e".repeat(16)}`);
  });

  test.each([true, false])("marks what ends with the bucket, and keeps the bucket: %s", async (isKept) => {
    const found = await published({}, { written: { folders: ["memory-2/"], permit: 2 }, isKept });
    expect(found.get("config-bucket")?.retainOnDelete).toBe(isKept);
    expect(found.get("config-note-permit")).toMatchObject({
      retainOnDelete: true,
      inputs: { key: "goes-with-bucket/permit", content: "2\n", metadata: { "goes-with": "bucket" } },
    });
    expect(found.get("config-note-memory-2")).toMatchObject({
      retainOnDelete: true,
      inputs: { key: "goes-with-bucket/memory-2", metadata: { "goes-with": "bucket", below: "memory-2/" } },
    });
  });

  test("stores files with equal bytes once", async () => {
    const found = await published({ files: [ini, { ...ini, name: "copy.ini" }] });
    expect([...found.keys()].filter((name) => name === short(ini.sha256))).toHaveLength(1);
  });
});

const serverArgs: ServerArgs = {
  release,
  userData: "#!/bin/bash\n",
  imageId: "emi-b78e07c8",
  instanceType: "m1.small",
  keyName: "",
  stack: "local",
  sshFrom: [],
  hasHttps: false,
  needs: [],
  secrets: {},
};
const serverOf = (more: Partial<ServerArgs> = {}) =>
  registeredBy(() => void new Server("planet", { ...serverArgs, ...more }, inCloud()).one());

describe("Server", () => {
  test("is an instance whose logical name has the release", async () => {
    const found = await serverOf();
    expect(found.get(`planet-${release}`)).toMatchObject({
      type: "aws:ec2/instance:Instance",
      parent: "planet",
      inputs: {
        ami: "emi-b78e07c8",
        instanceType: "m1.small",
        vpcSecurityGroupIds: ["planet-group-id"],
        userData: "#!/bin/bash\n",
        userDataReplaceOnChange: true,
        tags: { Name: "planet-local", "planet:release": release },
      },
    });
    expect(found.get(`planet-${release}`)?.inputs).not.toHaveProperty("keyName");
  });

  test("opens port 80 to all, and SSH to those who are named", async () => {
    const open = { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"], description: "http" };
    const ssh = { ...open, fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8", "192.0.2.0/24"], description: "ssh" };
    expect((await serverOf()).get("planet-group")?.inputs).toMatchObject({ ingress: [open] });
    const group = (await serverOf({ sshFrom: ["192.0.2.0/24", "10.0.0.0/8", "192.0.2.0/24"] })).get("planet-group");
    expect(group?.inputs).toMatchObject({ ingress: [open, ssh] });
    expect(group?.inputs).not.toHaveProperty("name");
  });

  test("with HTTPS is in a second group, which opens port 443 and goes after it", async () => {
    const found = await serverOf({ hasHttps: true });
    const open = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"], description: "https" };
    expect(found.get("planet-https-group")).toMatchObject({ parent: "planet", inputs: { ingress: [open] } });
    expect(found.get("planet-group")?.inputs).toEqual((await serverOf()).get("planet-group")?.inputs);
    expect(found.get(`planet-${release}`)).toMatchObject({
      dependsOn: expect.arrayContaining(["planet-https-group"]),
      inputs: { vpcSecurityGroupIds: ["planet-group-id", "planet-https-group-id"] },
    });
    expect((await serverOf()).has("planet-https-group")).toBe(false);
  });

  test("uses an existing key pair, or makes one of the public key", async () => {
    const existing = await serverOf({ keyName: "me" });
    expect(existing.get(`planet-${release}`)?.inputs).toMatchObject({ keyName: "me" });
    expect([...existing.values()].map(({ type }) => type)).not.toContain("aws:ec2/keyPair:KeyPair");

    const keyName = keyNameOf({ stack: "local", publicKey: "ssh-rsa AAAA me" });
    const made = await serverOf({ keyName, publicKey: "ssh-rsa AAAA me" });
    expect(keyName).toMatch(/^planet-local-[0-9a-f]{8}$/);
    expect(made.get(`planet-key-${keyName.slice(-8)}`)?.inputs).toEqual({ keyName, publicKey: "ssh-rsa AAAA me" });
    expect(made.get(`planet-${release}`)?.inputs).toMatchObject({ keyName });
  });
});

describe("a server with a permit", () => {
  const signature = `${"s".repeat(27)}=`;
  const line = (value: string) => `#!/bin/bash\nPLANET_MEMORY_SIGNATURE='${value}'\n`;
  const plain = line("[secret]********************");

  test("has user-data that is a secret with the signature, and the component has it with a placeholder", async () => {
    const secrets = { PLANET_MEMORY_SIGNATURE: pulumi.output(signature) };
    let userData: pulumi.Output<string | undefined> | undefined;
    const found = await registeredBy(() => {
      ({ userData } = new Server("planet", { ...serverArgs, userData: plain, secrets }, inCloud()).one());
    });
    expect(found.get("planet")?.inputs).toEqual({ userData: plain });
    expect(found.get(`planet-${release}`)?.inputs).toMatchObject({ userData: { value: line(signature) } });
    expect(userData && (await pulumi.isSecret(userData))).toBe(true);
  });

  describe("its secrets", () => {
    const args = { permit: 1, bucket: "planet", bucketUrl: `${endpoint}/planet`, accessKeyId: "AKIAPLANET" };
    const https = { names: ["a.example"], acmeDirectory: "", acmeContact: "", hstsSeconds: 0 };
    const made = async (kinds: ReturnType<typeof permitKinds>, more: Partial<typeof args> = {}) => {
      let secrets: ReturnType<typeof serverSecrets> = {};
      const found = await registeredBy(() => {
        secrets = serverSecrets({ ...args, kinds, ...more });
      });
      return { secrets, found };
    };

    test("are those of what it writes: its memory, and with a host its certificate and the answers to challenges", () => {
      expect(permitKinds({ memory: true })).toEqual(["memory"]);
      expect(permitKinds({ memory: true, https })).toEqual(["memory", "tls", "acme-challenge"]);
      expect(permitKinds({ memory: false, https })).toEqual(["tls", "acme-challenge"]);
      expect(permitKinds({ memory: false })).toEqual([]);
    });

    test("are made by a program whose output is a secret", async () => {
      const { secrets, found } = await made(permitKinds({ memory: true, https }));
      const signers = ["memory-permit", "tls-permit", "acme-challenge-permit", "certificate-key"];
      expect([...found.keys()]).toEqual(signers);
      for (const name of signers) {
        expect(found.get(name)).toMatchObject({
          type: "command:local:Command",
          ignoreChanges: ["create", "update", "environment"],
          additionalSecretOutputs: ["stdout", "stderr"],
          inputs: { create: "node components/signPermit/main.ts", logging: "none" },
        });
      }
      expect(Object.keys(secrets).toSorted()).toEqual([
        "PLANET_CHALLENGE_SIGNATURE",
        "PLANET_MEMORY_SIGNATURE",
        "PLANET_TLS_KEY",
        "PLANET_TLS_SIGNATURE",
      ]);
      for (const secret of Object.values(secrets)) expect(await pulumi.isSecret(secret)).toBe(true);
    });

    test("are made again for another key, bucket, endpoint or number, and for nothing else", async () => {
      const triggers = async (more: Partial<typeof args>) =>
        [...(await made(permitKinds({ memory: true, https }), more)).found.values()].map(
          ({ inputs }) => inputs.triggers,
        );
      const [memory, , , key] = await triggers({});
      const { accessKeyId, bucketUrl } = args;
      expect(memory).toEqual([accessKeyId, bucketUrl, expect.stringContaining('["starts-with","$key","memory/"]')]);
      expect(key).toEqual([accessKeyId, bucketUrl, `planet certificate key 1\n${bucketUrl}\n1`]);
      const others = [{ permit: 2 }, { accessKeyId: "AKIAOTHER" }, { bucketUrl: `${endpoint}/other` }];
      for (const other of others) {
        for (const [index, again] of (await triggers(other)).entries()) {
          expect(again).not.toEqual((await triggers({}))[index]);
        }
      }
    });
  });
});

describe("Readiness and PublicAddress", () => {
  const certificate = { host: "a.example,b.example", keyId: "0123456789abcdef", certificateUrl: "http://x/tls/c.json" };
  const https = {
    PLANET_HOST: certificate.host,
    PLANET_KEY_ID: certificate.keyId,
    PLANET_CERTIFICATE_URL: certificate.certificateUrl,
  };
  const whole = (more: { address?: string; keepAddress?: boolean } = {}) =>
    registeredBy(() => {
      const cloud = inCloud();
      const server = new Server("planet", serverArgs, cloud).one();
      const common = { release, deadlineSeconds: 300, certificate };
      const readiness = new Readiness("readiness", { ...common, server, endpoint, region: "eucalyptus" });
      const rest = { instanceId: server.id, keepAddress: true, drainingSeconds: 5, after: readiness.gate, ...more };
      new PublicAddress("address", { ...common, ...rest }, cloud);
    });

  test("asks that very server, once for each", async () => {
    const gate = (await whole()).get("readiness-gate");
    expect(gate).toMatchObject({
      type: "command:local:Command",
      parent: "readiness",
      ignoreChanges: ["create", "update", "environment"],
      dependsOn: [`planet-${release}`],
      inputs: {
        create: "node components/awaitRelease/main.ts readiness",
        triggers: [`planet-${release}-id`],
        environment: {
          PLANET_RELEASE: release,
          PLANET_DEADLINE: "300",
          PLANET_INSTANCE: `planet-${release}-id`,
          PLANET_PUBLIC_ADDRESS: "192.0.2.1",
          PLANET_PRIVATE_ADDRESS: "10.0.0.1",
          PLANET_EC2_URL: `${endpoint}/services/compute/`,
          PLANET_REGION: "eucalyptus",
          ...https,
        },
      },
    });
  });

  test("moves the address in one call, only after readiness", async () => {
    const association = (await whole()).get("address-association");
    expect(association?.inputs).toEqual({
      publicIp: "192.0.2.9",
      instanceId: `planet-${release}-id`,
      allowReassociation: true,
    });
    expect(association?.dependsOn).toContain("readiness-gate");
  });

  test("asks the elastic address after the move", async () => {
    const served = (await whole()).get("address-served");
    expect(served?.dependsOn).toContain("address-association");
    expect(served?.inputs).toMatchObject({
      create: "node components/awaitRelease/main.ts served",
      triggers: ["address-association-id"],
      environment: { PLANET_ADDRESS: "192.0.2.9", PLANET_RELEASE: release, PLANET_DRAINING: "5", ...https },
    });
  });

  test("keeps an allocated address unless the settings say otherwise", async () => {
    expect((await whole()).get("address-elastic")).toMatchObject({ inputs: {}, retainOnDelete: true });
    expect((await whole({ keepAddress: false })).get("address-elastic")?.retainOnDelete).toBe(false);
  });

  test("takes an adopted address as it is", async () => {
    const found = await whole({ address: "173.205.188.124" });
    expect(found.has("address-elastic")).toBe(false);
    expect(found.get("address-association")?.inputs).toMatchObject({ publicIp: "173.205.188.124" });
  });
});

describe("Balancer and Traffic", () => {
  const count = 2;
  const whole = (more: Partial<ServerArgs> = {}) =>
    registeredBy(() => {
      const cloud = inCloud();
      const { hasHttps } = { ...serverArgs, ...more };
      const balancer = new Balancer("balancer", { stack: "local", zones: ["one", "two"], hasHttps }, cloud);
      const args = {
        count,
        balancer: balancer.balancer,
        zones: balancer.zones,
        healing: "machine" as const,
        deadlineSeconds: 300,
      };
      const group = new Server("planet", { ...serverArgs, ...more }, cloud).several(args);
      const rest = { release, deadlineSeconds: 300, endpoint, region: "eucalyptus" };
      new Traffic("traffic", { group, balancer, count, ...rest }, cloud);
    });

  test("a balancer that stays: its name is the stack's, and its zones those that it has", async () => {
    expect((await whole()).get("balancer-elb")).toMatchObject({
      type: "aws:elb/loadBalancer:LoadBalancer",
      provider: "eucalyptus",
      ignoreChanges: ["availabilityZones"],
      inputs: {
        name: "planet-local",
        availabilityZones: ["one", "two"],
        listeners: [{ lbPort: 80, lbProtocol: "HTTP", instancePort: 80, instanceProtocol: "HTTP" }],
        healthCheck: { target: "HTTP:80/healthz", interval: 10, timeout: 5 },
        idleTimeout: 20,
      },
    });
  });

  test("https goes through the balancer to the servers, which have the certificate", async () => {
    const found = await whole({ hasHttps: true });
    const [http, https] = [
      { lbPort: 80, lbProtocol: "HTTP", instancePort: 80, instanceProtocol: "HTTP" },
      { lbPort: 443, lbProtocol: "TCP", instancePort: 443, instanceProtocol: "TCP" },
    ];
    expect(found.get("balancer-elb")?.inputs).toMatchObject({ listeners: [http, https] });
    expect(found.get(`planet-${release}-launch`)?.inputs).toMatchObject({
      securityGroups: ["planet-group-id", "planet-https-group-id"],
    });
  });

  test("a group is made outside of the balancer, and its servers are what a server alone is", async () => {
    const found = await whole({ keyName: "me" });
    const alone = await serverOf({ keyName: "me" });
    expect(found.get(`planet-${release}`)).toMatchObject({
      type: "aws:autoscaling/group:Group",
      parent: "planet",
      replaceOnChanges: ["launchConfiguration"],
      inputs: {
        ...{ minSize: count, maxSize: count, desiredCapacity: count, loadBalancers: ["planet-local"] },
        suspendedProcesses: ["AddToLoadBalancer"],
        ...{ healthCheckType: "EC2", healthCheckGracePeriod: 300, availabilityZones: ["one", "two"] },
        tags: [
          { key: "Name", value: "planet-local", propagateAtLaunch: true },
          { key: "planet:release", value: release, propagateAtLaunch: true },
        ],
      },
    });
    expect(found.get("planet-group")).toEqual(alone.get("planet-group"));
    expect(found.get(`planet-${release}-launch`)?.inputs).toEqual({
      ...{ imageId: "emi-b78e07c8", instanceType: "m1.small", keyName: "me" },
      ...{ securityGroups: ["planet-group-id"], userData: "#!/bin/bash\n" },
    });
  });

  test("every server is asked before one gets a reader, and the name after that", async () => {
    const found = await whole();
    expect(found.get("traffic-gate")).toMatchObject({
      ignoreChanges: ["create", "update", "environment"],
      dependsOn: [`planet-${release}`],
      inputs: {
        create: "node components/awaitRelease/main.ts members",
        triggers: [`planet-${release}-id`],
        environment: { PLANET_RELEASE: release, PLANET_AUTO_SCALING_URL: `${endpoint}/services/AutoScaling/` },
      },
    });
    const attachment = found.get(`traffic-${release}`);
    expect(attachment).toMatchObject({
      type: "aws:autoscaling/attachment:Attachment",
      inputs: { elb: "planet-local" },
    });
    expect(attachment?.dependsOn).toContain("traffic-gate");
    expect(found.get("traffic-served")).toMatchObject({
      dependsOn: expect.arrayContaining([`traffic-${release}`]),
      inputs: {
        create: "node components/awaitRelease/main.ts traffic",
        triggers: [`traffic-${release}-id`],
        environment: {
          PLANET_DNS_NAME: "planet-local-000000000042.lb.cloud.internal",
          PLANET_NAME_SERVER: "10.67.0.1",
          PLANET_SERVERS: "2",
        },
      },
    });
  });
});
