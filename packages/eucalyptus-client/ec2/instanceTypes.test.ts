import { expect, test } from "@jest/globals";
import { createClock } from "../clock.ts";
import { cannedServer } from "../testing/cannedServer.ts";
import { createEc2 } from "./createEc2.ts";

// As 5.1.0 sends it; it is not AWS's shape.
const ANSWER = `<DescribeInstanceTypesResponseType xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><VmTypeMessage><requestId>1</requestId></VmTypeMessage><instanceTypeDetails>
  <item><name>t2.small</name><cpu>1</cpu><disk>10</disk><diskCount>1</diskCount><memory>2048</memory></item>
  <item><name>m1.small</name><cpu>1</cpu><disk>5</disk><diskCount>1</diskCount><memory>512</memory></item>
</instanceTypeDetails></DescribeInstanceTypesResponseType>`;

test("instance types are read from the cloud's own shape, sorted by name", async () => {
  const server = await cannedServer(() => ({ body: ANSWER }));
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const connection = { region: "eucalyptus", credentials, clock: createClock() };
  const types = await createEc2(`${server.origin}/services/compute/`, connection).describeInstanceTypes();
  await server.close();

  expect(types).toEqual([
    { name: "m1.small", cpus: 1, memoryMb: 512, diskGb: 5 },
    { name: "t2.small", cpus: 1, memoryMb: 2048, diskGb: 10 },
  ]);
  expect(server.seen[0]).toMatchObject({ target: "/services/compute/", method: "POST" });
  expect(server.seen[0]?.parameters).toEqual({ Action: "DescribeInstanceTypes", Version: "2016-11-15" });
});
