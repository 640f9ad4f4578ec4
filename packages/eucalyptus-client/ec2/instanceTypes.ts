import { XMLParser } from "fast-xml-parser";
import type { Connection } from "../connection.ts";
import { attempts } from "../http/attempts.ts";
import { parseEndpoint } from "../http/endpoint.ts";
import { exchange } from "../http/exchange.ts";
import { sign } from "../http/sign.ts";
import { refuseFaults } from "../s3/request.ts";

export interface InstanceType {
  readonly name: string;
  readonly cpus: number;
  readonly memoryMb: number;
  readonly diskGb: number;
}

const ACTION = "DescribeInstanceTypes";

/** Without the SDK: the answer is not in AWS's shape, and its decoder finds an empty list in it. */
export function instanceTypeCalls(url: string, connection: Connection) {
  const { protocol, hostname, port, path } = parseEndpoint(url);
  return {
    /** Every type of the cloud, sorted by name. */
    describeInstanceTypes: (): Promise<InstanceType[]> =>
      attempts(connection, { repeatable: true }, async () => {
        const request = {
          method: "POST",
          protocol,
          hostname,
          port,
          path: `${path}/`,
          headers: { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" },
          body: Buffer.from(`Action=${ACTION}&Version=2016-11-15`),
        };
        const options = { action: ACTION, timeoutMs: connection.timeoutMs ?? 60_000, cancelled: connection.cancelled };
        const { body } = refuseFaults(await exchange(await sign(request, connection, "ec2"), options), ACTION);
        return typesFrom(body.toString("utf8"));
      }),
  };
}

interface Answer {
  readonly DescribeInstanceTypesResponseType?: {
    readonly instanceTypeDetails?: { readonly item?: readonly Readonly<Record<string, string>>[] };
  };
}

function typesFrom(text: string): InstanceType[] {
  const isArray = (name: string) => name === "item";
  const parsed = new XMLParser({ parseTagValue: false, removeNSPrefix: true, isArray }).parse(text) as Answer;
  const items = parsed.DescribeInstanceTypesResponseType?.instanceTypeDetails?.item ?? [];
  return items
    .map(({ name = "", cpu, memory, disk }) => {
      return { name, cpus: Number(cpu), memoryMb: Number(memory), diskGb: Number(disk) };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
