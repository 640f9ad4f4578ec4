import { XMLParser } from "fast-xml-parser";
import type { Connection } from "../connection.ts";
import { queryAction } from "../http/queryAction.ts";

export interface InstanceType {
  readonly name: string;
  readonly cpus: number;
  readonly memoryMb: number;
  readonly diskGb: number;
}

/** Without the SDK: the answer is not in AWS's shape, and its decoder finds an empty list in it. */
export function instanceTypeCalls(url: string, connection: Connection) {
  const question = { service: "ec2", action: "DescribeInstanceTypes", version: "2016-11-15" } as const;
  return {
    /** Every type of the cloud, sorted by name. */
    describeInstanceTypes: async (): Promise<InstanceType[]> => typesFrom(await queryAction(url, connection, question)),
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
