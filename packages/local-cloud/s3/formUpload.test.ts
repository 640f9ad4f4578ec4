import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exchange, type Reply, type Sent, signedV4 } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

const BOUNDARY = "form-boundary-1";
const FIELDS = { key: "photos/cat.png", bucket: "forms", acl: "public-read" };
const CONDITIONS: readonly unknown[] = [
  { bucket: "forms" },
  ["starts-with", "$key", "photos/"],
  { acl: "public-read" },
  ["eq", "$Content-Type", "image/png"],
];
/** A file in whose bytes most of the boundary, line ends and a header's end stand. */
const PICTURE = Buffer.from(`\u0000\r\n\r\n\r\n--form-boundary-\r\n--\r\nend\r`, "latin1");

interface Form {
  readonly fields?: Readonly<Record<string, string>>;
  readonly conditions?: readonly unknown[];
  readonly expiration?: string;
  readonly secret?: string;
  readonly accessKeyId?: string;
  readonly file?: Buffer;
  readonly fileHeaders?: string;
  readonly policyName?: string;
  readonly signatureName?: string;
  /** In place of `\r\n--boundary--\r\n`. */
  readonly end?: string;
}

describe("uploads by a form over raw HTTP (proves what a signed policy allows, and what is stored)", () => {
  let running: TestCloud;
  const base = () => `${running.endpoint}/services/objectstorage`;
  const get = (path: string) => exchange({ method: "GET", url: base() + path });
  const signed = (method: string, path: string, extra: Partial<Sent> = {}) =>
    exchange(signedV4({ method, url: base() + path, ...extra }, running.cloud.credentials).signed);

  function fieldsOf(form: Form): Record<string, string> {
    const { accessKeyId, secretAccessKey } = running.cloud.credentials;
    const expiration = form.expiration ?? new Date(Date.now() + 60_000).toISOString();
    const policy = JSON.stringify({ expiration, conditions: form.conditions ?? CONDITIONS });
    const encoded = Buffer.from(policy).toString("base64");
    const signature = createHmac("sha1", form.secret ?? secretAccessKey)
      .update(encoded)
      .digest("base64");
    return {
      ...(form.fields ?? FIELDS),
      AWSAccessKeyId: form.accessKeyId ?? accessKeyId,
      [form.policyName ?? "Policy"]: encoded,
      [form.signatureName ?? "Signature"]: signature,
    };
  }

  function bodyOf(fields: Readonly<Record<string, string>>, form: Form): Buffer {
    const parts = Object.entries(fields).map(
      ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const disposition = form.fileHeaders ?? 'form-data; name="file"; filename="cat.png"\r\nContent-Type: image/png';
    const head = `${parts.join("")}--${BOUNDARY}\r\nContent-Disposition: ${disposition}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), form.file ?? PICTURE, Buffer.from(form.end ?? `\r\n--${BOUNDARY}--\r\n`)]);
  }

  function post(body: Buffer, path = "/forms", header = "Content-Type"): Promise<Reply> {
    const headers = { [header]: `multipart/form-data; boundary=${BOUNDARY}` };
    return exchange({ method: "POST", url: base() + path, headers, body });
  }
  const upload = (form: Form = {}) => post(bodyOf(fieldsOf(form), form));
  const codeOf = ({ status, text }: Reply) => [status, /<Code>(\w+)</.exec(text)?.[1]];

  beforeAll(async () => {
    running = await startTestCloud();
    await signed("PUT", "/forms");
    await signed("PUT", "/open", { headers: { "x-amz-acl": "public-read-write" } });
  });
  afterAll(() => running.close());

  test("a signed form stores the file byte by byte, with its type and ACL; the answer is 204 and closes", async () => {
    const reply = await upload();
    expect([reply.status, reply.text, reply.headers.connection]).toEqual([204, "", "close"]);
    const stored = await get("/forms/photos/cat.png");
    expect([stored.status, stored.headers["content-type"]]).toEqual([200, "image/png"]);
    expect(Buffer.from(stored.text)).toEqual(PICTURE);
  });

  test("a large file comes whole", async () => {
    const file = Buffer.alloc(3_000_001, "-\r\n--form-boundary");
    expect((await upload({ fields: { ...FIELDS, key: "photos/large" }, file })).status).toBe(204);
    expect(Buffer.from((await get("/forms/photos/large")).text).equals(file)).toBe(true);
  });

  test("the placeholder filename in the key is the file's name", async () => {
    expect((await upload({ fields: { ...FIELDS, key: `photos/\${filename}` } })).status).toBe(204);
    expect((await get("/forms/photos/cat.png")).status).toBe(200);
  });

  test.each<{ name: string; form: Form; status: number; code: string }>([
    { name: "a wrong signature", form: { secret: "x" }, status: 403, code: "SignatureDoesNotMatch" },
    { name: "an unknown key", form: { accessKeyId: "AKNOPE" }, status: 403, code: "InvalidAccessKeyId" },
    {
      name: "another prefix",
      form: { fields: { ...FIELDS, key: "other/cat.png" } },
      status: 400,
      code: "InvalidPolicyDocument",
    },
    {
      name: "another ACL",
      form: { fields: { ...FIELDS, acl: "private" } },
      status: 400,
      code: "InvalidPolicyDocument",
    },
    {
      name: "a field that the policy does not name",
      form: { fields: { ...FIELDS, "x-amz-meta-a": "b" } },
      status: 400,
      code: "InvalidPolicyDocument",
    },
    {
      name: "a policy without the bucket",
      form: { fields: { key: "photos/a", acl: "public-read" }, conditions: CONDITIONS.slice(1) },
      status: 400,
      code: "InvalidPolicyDocument",
    },
    {
      name: "a length range",
      form: { conditions: [...CONDITIONS, ["content-length-range", 1, 1_000_000]] },
      status: 400,
      code: "InvalidPolicyDocument",
    },
    {
      name: "an expired policy",
      form: { expiration: "2020-01-01T00:00:00Z" },
      status: 400,
      code: "InvalidPolicyDocument",
    },
    {
      name: "another type of the file",
      form: { fileHeaders: 'form-data; name="file"; filename="a"\r\nContent-Type: text/html' },
      status: 400,
      code: "InvalidPolicyDocument",
    },
    {
      name: "a policy without a signature",
      form: { signatureName: "submit" },
      status: 400,
      code: "InvalidPolicyDocument",
    },
    {
      name: "fields in lower case: nobody has signed",
      form: { policyName: "policy", signatureName: "signature" },
      status: 403,
      code: "AccessDenied",
    },
    { name: "a field after the file", form: { end: trailing() }, status: 400, code: "MalformedPOSTRequest" },
    { name: "no end", form: { end: "" }, status: 400, code: "MalformedPOSTRequest" },
    {
      name: "fields of more than 25 KiB",
      form: { fields: { ...FIELDS, "x-ignore-a": "x".repeat(25 * 1024) } },
      status: 400,
      code: "MalformedPOSTRequest",
    },
  ])("$name is $status $code and stores nothing", async ({ form, status, code }) => {
    await signed("DELETE", "/forms/photos/cat.png");
    expect(codeOf(await upload(form))).toEqual([status, code]);
    expect((await signed("GET", "/forms?prefix=")).text).not.toContain("cat.png");
  });

  test.each(["", "no JSON", "[]", "{}", '{"expiration":"never","conditions":[]}', '{"conditions":[[1,2,3]]}'])(
    "a policy of %j is refused",
    async (policy) => {
      const fields = { ...fieldsOf({}), Policy: Buffer.from(policy).toString("base64") };
      expect(codeOf(await post(bodyOf(fields, {})))).toEqual([400, "InvalidPolicyDocument"]);
    },
  );

  test("without a policy only a bucket that everybody may write to takes the file", async () => {
    const fields = { key: "photos/anonymous" };
    expect(codeOf(await post(bodyOf(fields, {})))).toEqual([403, "AccessDenied"]);
    expect((await post(bodyOf(fields, {}), "/open")).status).toBe(204);
  });

  test("x-ignore- fields and HTTP headers need no condition; the answer that a form asks for is given", async () => {
    const fields = { ...FIELDS, "x-ignore-a": "b", "Cache-Control": "no-store" };
    expect((await upload({ fields })).status).toBe(204);
    const asks = async (name: string, value: string) =>
      await upload({ fields: { ...fields, [name]: value }, conditions: [...CONDITIONS, { [name]: value }] });
    expect((await asks("success_action_status", "200")).status).toBe(200);
    expect((await asks("success_action_status", "201")).text).toContain("<Key>photos/cat.png</Key>");
    const redirected = await asks("success_action_redirect", "https://planet.example/thanks");
    expect([redirected.status, redirected.headers.location]).toEqual([
      303,
      expect.stringMatching(/^https:\/\/planet\.example\/thanks\?bucket=forms&key=photos%2Fcat\.png&etag=/),
    ]);
  });

  test.each([
    { name: "to a key", path: "/forms/key", header: "Content-Type" },
    { name: "with a sub-resource", path: "/forms?acl=", header: "Content-Type" },
  ])("a form $name is 405", async ({ path, header }) => {
    expect((await post(bodyOf(fieldsOf({}), {}), path, header)).status).toBe(405);
  });

  test("a form whose header is written in lower case is one", async () => {
    expect((await post(bodyOf(fieldsOf({}), {}), "/forms", "content-type")).status).toBe(204);
  });

  test("a large form that is refused gets its answer", async () => {
    const file = Buffer.alloc(8_000_000);
    expect(codeOf(await upload({ secret: "x", file }))).toEqual([403, "SignatureDoesNotMatch"]);
    expect(codeOf(await upload({ fields: { ...FIELDS, bucket: "none" }, file }))).toEqual([
      400,
      "InvalidPolicyDocument",
    ]);
    const fields = fieldsOf({
      conditions: [{ bucket: "none" }, ...CONDITIONS.slice(1)],
      fields: { ...FIELDS, bucket: "none" },
    });
    expect(codeOf(await post(bodyOf(fields, { file }), "/none"))).toEqual([404, "NoSuchBucket"]);
  });
});

function trailing(): string {
  return `\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="submit"\r\n\r\nx\r\n--${BOUNDARY}--\r\n`;
}
