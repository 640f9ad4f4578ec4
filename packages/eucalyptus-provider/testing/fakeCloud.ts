import type { AutoScaling, Ec2, Elb, S3 } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { RunLedger } from "../runLedger.ts";

export interface FakeCloud {
  readonly cloud: CloudContext;
  /** Names and arguments of all calls, in order. */
  readonly calls: (readonly [name: string, ...args: unknown[]])[];
  readonly said: string[];
  cancel(): void;
}

type Answers<Api> = { readonly [Name in keyof Api]?: (...args: never[]) => unknown };

/** A context whose services answer what the test says, and nothing else: an unexpected call fails the test. */
export function fakeCloud(facts: {
  readonly mode?: "edge" | "vpc";
  readonly autoScaling?: Answers<AutoScaling>;
  readonly ec2?: Answers<Ec2>;
  readonly elb?: Answers<Elb>;
  readonly s3?: Answers<S3>;
}): FakeCloud {
  const calls: FakeCloud["calls"] = [];
  const said: string[] = [];
  const cancellation = new AbortController();
  const service = (answers: object) =>
    new Proxy(answers, {
      get:
        (target, name: string) =>
        (...args: unknown[]) => {
          calls.push([name, ...args]);
          const answer = (target as Record<string, ((...args: unknown[]) => unknown) | undefined>)[name];
          if (!answer) throw new Error(`unexpected call of ${name}`);
          return Promise.resolve().then(() => answer(...args));
        },
    });
  const say = (_urn: string, text: string) => void said.push(text);
  const cloud: CloudContext = {
    autoScaling: service(facts.autoScaling ?? {}) as AutoScaling,
    ec2: service(facts.ec2 ?? {}) as Ec2,
    elb: service(facts.elb ?? {}) as Elb,
    s3: service(facts.s3 ?? {}) as S3,
    sts: { getCallerIdentity: () => Promise.resolve({ accountId: "000000000042", arn: "", userId: "" }) },
    mode: facts.mode ?? "vpc",
    region: "eucalyptus",
    s3Url: "http://192.0.2.1:8773/services/objectstorage/",
    accountId: () => Promise.resolve("000000000042"),
    run: new RunLedger(),
    log: { debug: () => {}, status: say, info: say, warning: say },
    cancelled: cancellation.signal,
    sleep: () => Promise.resolve(),
    newDigits: () => "0000000a",
    readFile: () => Promise.reject(new Error("no files here")),
  };
  return { cloud, calls, said, cancel: () => cancellation.abort() };
}
