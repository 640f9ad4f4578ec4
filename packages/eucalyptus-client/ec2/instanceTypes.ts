import { XMLParser } from "fast-xml-parser";
import { EC2_CALLS } from "../calls.ts";
import type { Connection } from "../connection.ts";
import { needed } from "../http/foreignAnswer.ts";
import { queryAction } from "../http/queryAction.ts";

export interface InstanceType {
  readonly name: string;
  readonly cpus: number;
  readonly memoryMb: number;
  readonly diskGb: number;
}

/** Without the SDK: the answer is not in AWS's shape, and its decoder finds an empty list in it. */
export function instanceTypeCalls(url: string, connection: Connection) {
  const question = {
    service: "ec2",
    action: "DescribeInstanceTypes",
    version: "2016-11-15",
    ...EC2_CALLS.DescribeInstanceTypes,
  } as const;
  return {
    /** Every type of the cloud, sorted by name. */
    describeInstanceTypes: (): Promise<InstanceType[]> => queryAction(url, connection, question, typesFrom),
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
    .map(({ name, cpu, memory, disk }) => {
      const number = (text: string | undefined, what: string) => Number(needed(text, what));
      return {
        name: needed(name, "name"),
        cpus: number(cpu, "cpu"),
        memoryMb: number(memory, "memory"),
        diskGb: number(disk, "disk"),
      };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
