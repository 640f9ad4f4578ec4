import { exchange, type Keys, signedV4 } from "./s3Client.ts";
import type { TestCloud } from "./testCloud.ts";

const SERVICES = {
  elb: { path: "/services/LoadBalancing", version: "2012-06-01" },
  autoscaling: { path: "/services/AutoScaling", version: "2011-01-01" },
  ec2: { path: "/services/compute/", version: "2016-11-15" },
} as const;

/** A cloud, in the test or beside it. */
interface AskedCloud {
  readonly endpoint: string;
  readonly cloud: { readonly credentials: Keys };
  readonly settings: { readonly now: Date | undefined };
}

export interface QueryReply {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly text: string;
}

/** One signed call, by the test's clock. */
export async function query(
  running: AskedCloud,
  service: keyof typeof SERVICES,
  action: string,
  parameters: Readonly<Record<string, string | number | boolean>> = {},
): Promise<QueryReply> {
  const { path, version } = SERVICES[service];
  const pairs = Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]);
  const body = new URLSearchParams([["Action", action], ["Version", version], ...pairs]).toString();
  const sent = { method: "POST", url: `${running.endpoint}${path}`, body };
  const reply = await exchange(signedV4(sent, running.cloud.credentials, undefined, running.settings.now).signed);
  const [, code = "", message = ""] = /<Code>([^<]*)<\/Code><Message>([^<]*)</.exec(reply.text) ?? [];
  return { status: reply.status, code, message, text: reply.text };
}

/** All values of an element, in order. */
export const valuesOf = (text: string, element: string): string[] =>
  [...text.matchAll(new RegExp(`<${element}>([^<]*)<`, "g"))].map(([, value = ""]) => value);

/** Time passes in steps of a second, as it does; the machines follow. */
export async function pass(running: TestCloud, seconds: number): Promise<void> {
  running.settings.now ??= new Date();
  for (let second = 0; second < seconds; second += 1) {
    running.settings.now = new Date(running.settings.now.getTime() + 1_000);
    await running.cloud.step();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
