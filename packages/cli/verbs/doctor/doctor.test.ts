import { describe, expect, test } from "@jest/globals";
import { CloudError } from "@planet/eucalyptus-client";
import { manifestOf } from "../../change/testing/testChange.ts";
import { createDoctorCommand } from "./doctorCommand.ts";
import { judgeDoctor } from "./judgeDoctor.ts";
import { newerThan } from "./judgeServerNeeds.ts";
import type { DoctorFacts } from "./readDoctor.ts";
import {
  address,
  cloud,
  doctorFacts,
  endpoint,
  image,
  refused,
  stateFacts,
  subject,
  tools,
} from "./testing/testDoctor.ts";

const no = (status: number, code: string) => refused(new CloudError({ status, code, message: "no", action: "A" }));
const denied = (action: string) =>
  refused(new CloudError({ status: 403, code: "UnauthorizedOperation", message: "no", action }));
const s3 = {
  kind: "s3",
  bucket: "b",
  prefix: "",
  endpoint: "http://192.0.2.1:8773/services/objectstorage",
  region: "r",
} as const;
const large = {
  value: { ...stateFacts().state, resources: [], pending: [], outputs: {}, bytes: 200_000, savedMs: Number.NaN },
};
/** With one right for everybody. */
const openAcl = (permission: string) => ({
  ownerId: "me",
  grants: [{ grantee: "http://acs.amazonaws.com/groups/global/AllUsers", permission }],
});
const other = manifestOf({ "planet.ini": "" });
const lock = { who: "anna", host: "desk", pid: 7, since: "2026-03-01T11:50:00Z" };

async function doctor(facts: DoctorFacts, ...argv: string[]) {
  const out: string[] = [];
  const context = {
    checkout: "/nowhere",
    shownNotices: new Set<string>(),
    environment: {},
    out: (text: string) => void out.push(text),
    err: () => {},
  };
  const code = await createDoctorCommand(async () => facts).run(argv, context);
  return { code, out: out.join("") };
}

describe("planet doctor (proves what is said of given facts; that they are asked rightly is the boot test's)", () => {
  test("says of each part that it is well, and exits 0", async () => {
    const { code, out } = await doctor(doctorFacts());
    expect(code).toBe(0);
    expect(out).toBe(`prod: all is well

  ok       pulumi      /usr/bin/pulumi (your own), Node v24.21.0
  ok       plugin      command: the official one from ~/.pulumi
  ok       state       kept in /srv/state, 4 resources, 1 KiB
  ok       passphrase  opens the stack
  ok       lock        none
  ok       endpoint    http://192.0.2.1:8773 answers
  ok       clock       agrees with the cloud's
  ok       keys        accepted: account 000000000042, arn:aws:iam::000000000042:user/admin
  ok       mode        VPC, default VPC vpc-1
  ok       image       emi-f3df1488 (debian-12-20260101)
  ok       type        m1.small: 1 CPU, 512 MB, 5 GB
  ok       key pair    mine, fingerprint aa:bb
  ok       address     192.0.2.9 (allocated by the stack) leads to i-0001
  ok       bucket      planet is ours and holds this stack's manifest
  ok       memory      memory/ has 210 objects, 3.1 MiB
  ok       leftovers   none
`);
  });

  const kept = { bucket: { value: { exists: true, keys: ["goes-with-bucket/memory", "memory/index.json.gz"] } } };
  test.each<{ name: string; changes: Partial<DoctorFacts>; line: RegExp }>([
    {
      name: "which folder no server reads any more",
      changes: { subject: subject({ permit: "2" }) },
      line: /memory {6}memory\/ has 210 objects, 3\.1 MiB, which no server reads\n/,
    },
    {
      name: "that nothing is kept yet",
      changes: { cloud: cloud({ memory: { value: new Map() } }) },
      line: /memory {6}nothing yet below memory\/\n/,
    },
    {
      name: "that the memory is off",
      changes: { subject: subject({ memory: "off" }), cloud: cloud({ memory: { value: new Map() } }) },
      line: /memory {6}off\n/,
    },
    {
      name: "that a bucket was kept, which is no planet run by hand",
      changes: { cloud: cloud({ ...kept, manifest: { value: { state: "missing" } } }) },
      line: /ok {7}bucket {6}planet is ours and holds the memory of an earlier stack\n/,
    },
    {
      name: "that servers reach another planet of the account, while the deploy's key signs for both",
      changes: { cloud: cloud({ publishers: new Map([["news", "news"]]) }) },
      line: /note {5}permit {6}whoever took over a server could also write below memory\/ of news: .*\n +→ .*A user that only signs/,
    },
  ])("says $name", async ({ changes, line }) => {
    expect((await doctor(doctorFacts(changes))).out).toMatch(line);
  });

  const beside = { cloud: cloud({ publishers: new Map([["news", "news"]]) }) };
  test.each<[name: string, changes: Partial<DoctorFacts>]>([
    ["alone in the account", {}],
    ["whose permits have a key of their own", { ...beside, endpoint: endpoint({ hasSigner: true }) }],
    ["that has no permit", { ...beside, subject: subject({ memory: "off" }) }],
  ])("says nothing of a permit's reach for a planet %s", async (_, changes) => {
    expect((await doctor(doctorFacts(changes))).out).not.toMatch(/ permit /);
  });

  const problems: [name: string, changes: Partial<DoctorFacts>, topic: string, text: RegExp, next: RegExp][] = [
    [
      "no CLI",
      { tools: tools({ cli: refused(new Error("offline")) }) },
      "pulumi",
      /no Pulumi CLI: offline/,
      /npx pulumi version/,
    ],
    [
      "no home folder",
      { tools: tools({ cli: refused(Object.assign(new Error("EACCES"), { syscall: "mkdir" })) }) },
      "pulumi",
      /no Pulumi CLI: EACCES/,
      /^set HOME or XDG_CACHE_HOME/,
    ],
    ["no command plugin", { tools: tools({ commandPlugin: "missing" }) }, "plugin", /not placed/, /npx pulumi version/],
    ["no provider", { tools: tools({ hasProviderPlugin: false }) }, "plugin", /eucalyptus-provider/, /git checkout/],
    [
      "no such stack",
      { subject: { stack: "prod", isLocal: false, unread: "stack" }, state: undefined as never },
      "stack",
      /prod is not there/,
      /stack init prod/,
    ],
    [
      "a place of the state that refuses the keys",
      { subject: { stack: "prod", isLocal: false, unread: "backend" }, state: undefined as never },
      "state",
      /where it is kept cannot be read/,
      /^look at PULUMI_BACKEND_URL, at the keys/,
    ],
    [
      "settings that cannot be read",
      { subject: { stack: "prod", isLocal: false, unread: "settings" } },
      "stack",
      /prod is there, its settings cannot be read/,
      /^fix Pulumi\.prod\.yaml, or the passphrase/,
    ],
    [
      "an unreadable state",
      { state: stateFacts({ state: refused(new Error("no")) }) },
      "state",
      /kept in \/srv\/state: no/,
      /docs\/state\.md/,
    ],
    [
      "a large state in a bucket",
      { state: stateFacts({ backend: s3, state: large }) },
      "state",
      /300 KiB/,
      /PULUMI_DIY_BACKEND_GZIP/,
    ],
    [
      "no passphrase",
      { state: stateFacts({ passphrase: "missing" }) },
      "passphrase",
      /neither/,
      /PULUMI_CONFIG_PASSPHRASE_FILE/,
    ],
    [
      "a wrong passphrase",
      { state: stateFacts({ passphrase: "wrong" }) },
      "passphrase",
      /does not open the stack/,
      /^export the PULUMI_CONFIG_PASSPHRASE_FILE .* that prod was made with/,
    ],
    [
      "a dead lock",
      { state: stateFacts({ locks: { value: [{ ...lock, isAlive: false }] } }) },
      "lock",
      /gone/,
      /pulumi cancel/,
    ],
    ["no endpoint", { endpoint: undefined as never }, "endpoint", /not an http/, /config set planet:endpoint/],
    [
      "a silent endpoint",
      { endpoint: endpoint({ aheadMs: refused(new Error("ETIMEDOUT")) }), cloud: undefined as never },
      "endpoint",
      /ETIMEDOUT/,
      /network/,
    ],
    ["localhost", { endpoint: endpoint({ url: "http://localhost:8773" }) }, "endpoint", /bucket's name/, /IP address/],
    ["a clock far ahead", { endpoint: endpoint({ aheadMs: { value: 30_000 } }) }, "clock", /30 s ahead/, /set-ntp/],
    [
      "a clock far behind",
      { endpoint: endpoint({ aheadMs: { value: -1_000_000 } }) },
      "clock",
      /1000 s behind/,
      /set-ntp/,
    ],
    [
      "no keys",
      { endpoint: endpoint({ keys: refused(new Error("AWS_ACCESS_KEY_ID is not set")) }), cloud: undefined as never },
      "keys",
      /not set/,
      /export/,
    ],
    ["wrong keys", { cloud: cloud({ platform: no(403, "403 Forbidden") }) }, "keys", /not accepted/, /eucarc/],
    [
      "valid keys without any policy",
      {
        cloud: cloud({
          platform: denied("DescribeAccountAttributes"),
          images: denied("DescribeImages"),
          buckets: no(403, "AccessDenied"),
        }),
      },
      "policy",
      /may not ec2:DescribeAccountAttributes, ec2:DescribeImages, s3:ListAllMyBuckets$/,
      /policy of docs\/eucalyptus\.md/,
    ],
    [
      "a policy that lacks one action",
      { cloud: cloud({ addresses: denied("DescribeAddresses") }) },
      "policy",
      /may not ec2:DescribeAddresses$/,
      /euare-useruploadpolicy/,
    ],
    [
      "a proxy that refuses in the cloud's place",
      { cloud: cloud({ platform: no(403, "ForeignAnswer") }) },
      "keys",
      /as expected/,
      /planet:endpoint/,
    ],
    [
      "something else than EC2",
      { cloud: cloud({ platform: no(404, "404 Not Found") }) },
      "keys",
      /as expected/,
      /planet:endpoint/,
    ],
    [
      "no default VPC",
      { cloud: cloud({ platform: { value: { mode: "vpc", defaultVpcId: "" } } }) },
      "mode",
      /no default VPC/,
      /euca-create-vpc/,
    ],
    [
      "a host read as a bucket",
      { cloud: cloud({ buckets: no(404, "NoSuchBucket") }) },
      "storage",
      /host is read/,
      /IP address/,
    ],
    [
      "an unknown image",
      { subject: subject({ image: "emi-00000000" }) },
      "image",
      /emi-00000000 is not there; there are emi-f3df1488/,
      /planet:image/,
    ],
    [
      "an image that fails",
      { cloud: cloud({ images: { value: [image({ state: "failed" })] } }) },
      "image",
      /is failed/,
      /planet:image/,
    ],
    [
      "an unknown type",
      { subject: subject({ instanceType: "x9" }) },
      "type",
      /x9 is not a type.*m1\.small/,
      /planet:instanceType/,
    ],
    [
      "an unknown key pair",
      { subject: subject({ keyName: "theirs" }) },
      "key pair",
      /theirs is not there; there are mine/,
      /euca-import-keypair/,
    ],
    [
      "an ed25519 key",
      { subject: subject({ keyName: "", publicKey: "ssh-ed25519 AAAA" }) },
      "settings",
      /planet:publicKey is "ssh-ed25519 AAAA", expected one line of an RSA key's.*ssh-keygen -t rsa/,
      /Pulumi\.prod\.yaml/,
    ],
    [
      "a foreign address",
      { subject: subject({ address: "192.0.2.77" }) },
      "address",
      /192\.0\.2\.77 is not this account's/,
      /planet:address/,
    ],
    ["a lost address", { cloud: cloud({ addresses: { value: [] } }) }, "address", /not this account's/, /DNS name/],
    [
      "an address that leads nowhere",
      { cloud: cloud({ addresses: { value: [address({ instanceId: "" })] } }) },
      "address",
      /leads nowhere/,
      /planet recover/,
    ],
    [
      "an address at another server",
      { cloud: cloud({ addresses: { value: [address({ instanceId: "i-9" })] } }) },
      "address",
      /i-9, which is not in the state/,
      /deploy moves it/,
    ],
    [
      "a bucket of others",
      { cloud: cloud({ bucket: no(403, "AccessDenied") }) },
      "bucket",
      /another account's/,
      /planet:bucket/,
    ],
    [
      "an open bucket of others",
      { cloud: cloud({ buckets: { value: [] } }) },
      "bucket",
      /another account's/,
      /planet:bucket/,
    ],
    [
      "a bucket that everybody may write",
      {
        cloud: cloud({
          bucket: { value: { exists: true, keys: ["manifest.json"], acl: { value: openAcl("WRITE") } } },
        }),
      },
      "bucket",
      /may write into planet$/,
      /^s3cmd setacl --acl-private s3:\/\/planet$/,
    ],
    [
      "another stack's bucket",
      { cloud: cloud({ manifest: { value: { state: "present", manifest: { ...other, stack: "test" } } } }) },
      "bucket",
      /belongs to the stack "test"/,
      /planet:bucket/,
    ],
    [
      "a planet run by hand",
      {
        cloud: cloud({
          bucket: { value: { exists: true, keys: ["planet.ini"] } },
          manifest: { value: { state: "missing" } },
        }),
      },
      "bucket",
      /by hand \(planet\.ini\)/,
      /pull --adopt/,
    ],
    [
      "a lost bucket",
      { cloud: cloud({ bucket: { value: { exists: false, keys: [] } }, buckets: { value: [] } }) },
      "bucket",
      /in the state and not in the cloud/,
      /npx pulumi up --stack/,
    ],
  ];

  test.each(problems)(
    "%s is one problem, with its next step, and exit code 1",
    async (_, changes, topic, text, next) => {
      const facts = doctorFacts(changes);
      const found = judgeDoctor(facts).filter(({ level }) => level === "problem");
      expect(found).toEqual([
        { topic, level: "problem", text: expect.stringMatching(text), next: expect.stringMatching(next) },
      ]);
      expect((await doctor(facts)).code).toBe(1);
    },
  );

  test.each<[string, Partial<DoctorFacts>, string, RegExp]>([
    [
      "a newer image",
      {
        cloud: cloud({
          images: {
            value: [image({ imageId: "emi-2", name: "debian-12-20260201", creationDate: "2026-02-01" }), image({})],
          },
        }),
      },
      "image",
      /emi-2 .* is newer/,
    ],
    [
      "a name as endpoint",
      { endpoint: endpoint({ url: "https://cloud.example.org:8773" }) },
      "endpoint",
      /cloud\.example\.org has to be/,
    ],
    ["a clock somewhat off", { endpoint: endpoint({ aheadMs: { value: -30_000 } }) }, "clock", /30 s behind/],
    ["types that cannot be listed", { cloud: cloud({ types: no(403, "x") }) }, "type", /cannot be listed/],
    [
      "a state that cannot be searched",
      { subject: { stack: "prod", isLocal: false, config: subject().config } },
      "leftovers",
      /not looked for/,
    ],
  ])("%s is worth a note", (_, changes, topic, text) => {
    const findings = judgeDoctor(doctorFacts(changes));
    expect(findings).toContainEqual(
      expect.objectContaining({ topic, level: "note", text: expect.stringMatching(text) }),
    );
  });

  test("a bucket that strangers may list is a note; one that is closed is not spoken of", () => {
    const found = (permission: string) =>
      judgeDoctor(
        doctorFacts({
          cloud: cloud({ bucket: { value: { exists: true, keys: [], acl: { value: openAcl(permission) } } } }),
        }),
      ).filter(({ topic, level }) => topic === "bucket" && level === "note");
    expect(found("READ")).toEqual([expect.objectContaining({ text: expect.stringContaining("may list planet") })]);
    expect(found("READ_ACP")).toEqual([]);
  });

  test("all wrong settings are named at once, whatever the cloud says", () => {
    const wrong = subject({ setle: "60", rollout: "repalce", interval: "3", sshFrom: "10.66.0.1" });
    for (const facts of [doctorFacts({ subject: wrong }), doctorFacts({ subject: wrong, cloud: undefined as never })]) {
      const found = judgeDoctor(facts).filter(({ topic }) => topic === "settings");
      expect(found.map(({ level, text }) => [level, text.split(" ")[0]])).toEqual([
        ["problem", "planet:setle"],
        ["problem", "planet:rollout"],
        ["problem", "planet:interval"],
        ["problem", "planet:sshFrom"],
      ]);
    }
  });

  test("--json has the same verdict and findings", async () => {
    const { code, out } = await doctor(doctorFacts({ cloud: cloud({ types: { value: [] } }) }), "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ stack: "prod", well: false });
  });
});

test.each([
  ["debian-12-20260101", "debian-12-20260201", true],
  ["debian-12", "debian-13", false],
  ["debian-12-cloud-init", "debian-12-rc-local", false],
  ["debian-12-v1", "debian-12-v2", true],
])("%s and a later %s are of one kind: %s", (name, later, isNewer) => {
  const found = newerThan(image({ name }), [image({ name: later, creationDate: "2027-01-01" })]);
  expect(found).toHaveLength(isNewer ? 1 : 0);
});
