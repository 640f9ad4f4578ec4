import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exchange, type Sent, signedV4 } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

const VERSIONED = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
const TAGS = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";

describe("a restart (proves that every kind of change has been written, not only kept in memory)", () => {
  let running: TestCloud;
  beforeAll(async () => {
    running = await startTestCloud();
  });
  afterAll(() => running.close());

  const call = (method: string, path: string, extra: Partial<Sent> = {}) => {
    const url = `${running.endpoint}/services/objectstorage${path}`;
    return exchange(signedV4({ method, url, ...extra }, running.cloud.credentials).signed);
  };
  const acl = (name: string) => ({ headers: { "x-amz-acl": name } });
  const uploadIn = async (path: string) =>
    /<UploadId>(.*)<\/UploadId>/.exec((await call("POST", `${path}?uploads`)).text)?.[1] ?? "";

  /** All that a client can learn of these buckets. */
  async function seen(uploads: readonly string[]): Promise<string[]> {
    const paths = [
      ...["/", "/one?versions", "/two?versions", "/gone?versions", "/one?acl", "/one?tagging", "/one?uploads"],
      ...["/one/a?acl", "/one/a", "/one/copy", "/one/joined", "/two/k", "/two/k?acl", "/one/gone", "/one/dropped"],
      ...uploads.map((uploadId) => `/one/left?uploadId=${uploadId}`),
    ];
    const replies = await Promise.all(paths.map((path) => call("GET", path)));
    return replies.map(({ status, text }) => `${status} ${text.replace(/<RequestId>.*<\/RequestId>/, "")}`);
  }

  test("answers are the same after it", async () => {
    for (const bucket of ["/one", "/two", "/gone", "/again"]) await call("PUT", bucket);
    await call("PUT", "/two?versioning", { body: VERSIONED });
    await running.restart(); // everything from here on is in the journal
    for (const key of ["a", "gone", "dropped"]) await call("PUT", `/one/${key}`, { body: key });
    await call("PUT", "/one/a?acl", acl("public-read"));
    await call("PUT", "/one?acl", acl("public-read"));
    await call("PUT", "/one?tagging", { body: TAGS });
    await call("PUT", "/one/copy", { headers: { "x-amz-copy-source": "/one/a" } });
    await call("DELETE", "/one/gone");
    await call("POST", "/one?delete", { body: "<Delete><Object><Key>dropped</Key></Object></Delete>" });
    for (const body of ["first", "second"]) await call("PUT", "/two/k", { body });
    await call("PUT", "/two/k?acl", acl("public-read"));
    await call("DELETE", "/two/marked");
    await call("PUT", "/two/marked", { body: "x" });
    await call("DELETE", "/two/marked");
    await call("DELETE", "/gone");
    await call("PUT", "/again/k", { body: "first life" });
    await call("DELETE", "/again/k");
    await call("DELETE", "/again");
    await call("PUT", "/again");
    await call("PUT", "/again/other", { body: "second life" });
    const joined = await uploadIn("/one/joined");
    await call("PUT", `/one/joined?partNumber=1&uploadId=${joined}`, { body: "part" });
    const list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>";
    await call("POST", `/one/joined?uploadId=${joined}`, { body: list });
    const [left, aborted] = [await uploadIn("/one/left"), await uploadIn("/one/left")];
    for (const number of [1, 2, 1])
      await call("PUT", `/one/left?partNumber=${number}&uploadId=${left}`, { body: `part ${number}` });
    await call("DELETE", `/one/left?uploadId=${aborted}`);

    const before = await seen([left, aborted]);
    await running.restart();
    expect(await seen([left, aborted])).toEqual(before);
    expect(before.map((text) => text.slice(0, 3))).toEqual(
      [200, 200, 200, 404, 200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404, 200, 404].map(String),
    );
    expect((await call("GET", "/again")).text.match(/<Key>.*?<\/Key>/g)).toEqual(["<Key>other</Key>"]);
  });
});
