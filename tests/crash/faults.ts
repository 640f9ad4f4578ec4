import type { Call } from "./call.ts";
import type { Answer, Intercept, Interference, Reply } from "./faultProxy.ts";

/** What can become of an answer. The cloud acts wherever that is the worse case. */
export type FaultName =
  | "empty 200"
  | "HTML 200"
  | "foreign XML"
  | "truncated"
  | "404 HTML"
  | "500"
  | "503"
  | "throttling"
  | "reset before"
  | "reset after"
  | "6 s"
  | "never";

export interface Fault {
  readonly reachesCloud: boolean;
  readonly reply: (call: Call, real: Answer | undefined) => Reply | Promise<Reply>;
  /** How many calls it meets where it is meant once. */
  readonly times: number;
}

const LATE_MS = 6_000;

const once = { times: 1 };
/** A captive portal, a router's welcome, a wrong port. */
const PAGE = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Please sign in.</p></body></html>";
const FRONT_END =
  "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>";
/** Well-formed, and an answer to nothing that we ask. */
const FOREIGN = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>';

const FAULTS: Readonly<Record<FaultName, Fault>> = {
  "empty 200": { ...once, reachesCloud: true, reply: () => answer(200, "text/xml", "") },
  "HTML 200": { ...once, reachesCloud: false, reply: () => answer(200, "text/html", PAGE) },
  "foreign XML": { ...once, reachesCloud: false, reply: () => answer(200, "text/xml", FOREIGN) },
  truncated: { ...once, reachesCloud: true, reply: (_, real) => half(real) },
  "404 HTML": { ...once, reachesCloud: false, reply: () => answer(404, "text/html", PAGE) },
  "500": { ...once, reachesCloud: true, reply: (call) => refusal(call, 500, "InternalError", "Something went wrong") },
  "503": { ...once, reachesCloud: false, reply: () => answer(503, "text/html", FRONT_END) },
  // Source: AWS, "Query API request rate", and S3's error list.
  throttling: {
    times: 2,
    reachesCloud: false,
    reply: (call) => refusal(call, 503, call.service === "s3" ? "SlowDown" : "RequestLimitExceeded", "Slow down."),
  },
  "reset before": { ...once, reachesCloud: false, reply: () => "reset" },
  "reset after": { ...once, reachesCloud: true, reply: () => "reset" },
  "6 s": { ...once, reachesCloud: true, reply: (_, real) => late(real) },
  never: { ...once, reachesCloud: true, reply: () => "silence" },
};

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

export interface Falsified {
  readonly call: Pick<Call, "name" | "nth">;
  readonly fault: FaultName;
  /** From that call on, every call of that name. */
  readonly isForEver: boolean;
}

/** What the proxy does to the calls of one run. Pure. */
export function falsify({ call, fault, isForEver }: Falsified): Intercept {
  const { reachesCloud, reply, times } = FAULTS[fault];
  return (each): Interference | undefined => {
    const isMeant = each.name === call.name && each.nth >= call.nth && (isForEver || each.nth < call.nth + times);
    return isMeant ? { reachesCloud, reply: (real) => reply(each, real) } : undefined;
  };
}

function answer(status: number, type: string, text: string): Answer {
  return {
    status,
    headers: { "content-type": type, "content-length": Buffer.byteLength(text) },
    body: Buffer.from(text),
  };
}

/** Each service has its own envelope. Source: Corymbia/eucalyptus; packages/local-cloud/testdata has examples. */
function refusal({ service }: Call, status: number, code: string, message: string): Answer {
  const fault = `<Code>${code}</Code><Message>${message}</Message>`;
  const id = "11111111-2222-4333-8444-555555555555";
  if (service === "s3") {
    const text = `<?xml version="1.0"?><Error>${fault}<Resource></Resource><RequestId>${id}</RequestId></Error>`;
    return answer(status, "application/xml", text);
  }
  const text = `<?xml version="1.0"?><Response><Errors><Error>${fault}</Error></Errors><RequestID>${id}</RequestID></Response>`;
  return answer(status, "application/xml", text);
}

/** An answer without a body has nothing that could be cut: its connection breaks. */
function half(real: Answer | undefined): Reply {
  if (!real || real.body.length === 0) return "reset";
  const body = real.body.subarray(0, Math.floor(real.body.length / 2));
  return { ...real, headers: { ...real.headers, "content-length": body.length }, body };
}

async function late(real: Answer | undefined): Promise<Reply> {
  await new Promise((resolve) => setTimeout(resolve, LATE_MS));
  return real ?? "reset";
}
