import type { Answer } from "../wire/answer.ts";

export type Service = "ec2" | "s3" | "sts" | "elb" | "autoscaling";

/** What can become of the answer to one call. */
export interface AnswerFault {
  /** What a client sees, for `planet cloud fault list`. */
  readonly summary: string;
  /** Whether the cloud performs the call. */
  readonly acts: boolean;
  /**
   * What the client gets: the real answer `late`, or `half` of it and then a broken connection, a connection that breaks (`reset`), nothing ever
   * (`silence`), or another answer. Only an operation that acts has a real answer.
   */
  readonly becomes: "late" | "half" | "reset" | "silence" | ((service: Service) => Answer);
  /** The only operations that it meets. @defaultValue all */
  readonly operations?: readonly string[];
}

/** A captive portal, a router's welcome, a wrong port. */
const PAGE = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Please sign in.</p></body></html>";
/** HAProxy's own, in front of a cloud. */
const FRONT_END =
  "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>";
/** Well-formed, and an answer to nothing that a client asks. */
const FOREIGN = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>';

const STORING = ["PutObject", "PostObject", "CopyObject", "UploadPart", "CompleteMultipartUpload"];

/**
 * Where a fault may happen before or after the act, the cloud acts: a client that believes the answer is then wrong.
 * Sources: AWS, "Query API request rate" and S3's error list (throttling; a Eucalyptus has no limit of its own); Corymbia/eucalyptus
 * `ObjectStorageGateway.java` (a store that cannot write); observed on Eucalyptus 5.1.0, 2026-11-28 (no answer, 503).
 */
export const ANSWER_FAULTS = {
  "slow-answer": { summary: "the answer comes --seconds late", acts: true, becomes: "late" },
  "no-answer": { summary: "the cloud acts and nothing ever comes", acts: true, becomes: "silence" },
  "lost-request": { summary: "the connection breaks before the cloud acts", acts: false, becomes: "reset" },
  "lost-answer": { summary: "the cloud acts and the connection breaks", acts: true, becomes: "reset" },
  "cut-answer": {
    summary: "the cloud acts, and the connection breaks after half of its answer",
    acts: true,
    becomes: "half",
  },
  "empty-answer": {
    summary: "the cloud acts and answers 200 with nothing",
    acts: true,
    becomes: () => answer(200, "text/xml", ""),
  },
  "web-page": {
    summary: "another server answers 200 with a web page",
    acts: false,
    becomes: () => foreign(200, "text/html", PAGE),
  },
  "web-page-404": {
    summary: "another server answers 404 with a web page",
    acts: false,
    becomes: () => foreign(404, "text/html", PAGE),
  },
  "web-page-503": {
    summary: "the proxy before the cloud answers 503 with a web page",
    acts: false,
    becomes: () => foreign(503, "text/html", FRONT_END),
  },
  "foreign-xml": {
    summary: "another server answers 200 with XML of its own",
    acts: false,
    becomes: () => foreign(200, "text/xml", FOREIGN),
  },
  throttling: {
    summary: "503 RequestLimitExceeded, of S3 SlowDown",
    acts: false,
    becomes: (service) =>
      service === "s3"
        ? refusal(service, 503, "SlowDown", "Please reduce your request rate.")
        : refusal(service, 503, "RequestLimitExceeded", "Request limit exceeded."),
  },
  unavailable: {
    summary: "503 ServiceUnavailable: the service behind the front end is not up",
    acts: false,
    becomes: (service) => refusal(service, 503, "ServiceUnavailable", "Service Unavailable"),
  },
  "internal-error": {
    summary: "500 InternalFailure, of S3 InternalError, although the cloud acts",
    acts: true,
    becomes: (service) =>
      service === "s3"
        ? refusal(service, 500, "InternalError", "We encountered an internal error. Please try again.")
        : refusal(service, 500, "InternalFailure", "Internal failure"),
  },
  "full-store": {
    summary: "500 InternalError to all that stores an object: the store's disk is full",
    acts: false,
    becomes: (service) => refusal(service, 500, "InternalError", "We encountered an internal error. Please try again."),
    operations: STORING,
  },
} as const satisfies Readonly<Record<string, AnswerFault>>;

export type AnswerFaultName = keyof typeof ANSWER_FAULTS;

function answer(status: number, type: string, body: string): Answer {
  return { status, headers: { "Content-Type": type }, body };
}

function foreign(status: number, type: string, body: string): Answer {
  return { status, headers: { "Content-Type": type, Server: "nginx" }, body };
}

/** Each service has its own envelope. Nothing of it tells one refusal from the next, so that a proxy in a test may repeat it. */
function refusal(service: Service, status: number, code: string, message: string): Answer {
  const error = `<Code>${code}</Code><Message>${message}</Message>`;
  const id = "11111111-2222-4333-8444-555555555555";
  if (service === "s3") {
    const body = `<?xml version="1.0" encoding="UTF-8" ?><Error>${error}<Resource></Resource><RequestId>${id}</RequestId></Error>`;
    return answer(status, "application/xml", body);
  }
  if (service === "elb" || service === "autoscaling") {
    const body = `<ErrorResponse xmlns=""><Error><Type>Receiver</Type>${error}<Detail/></Error><RequestId>${id}</RequestId></ErrorResponse>`;
    return answer(status, "application/xml; charset=UTF-8", body);
  }
  const body = `<Response xmlns=""><Errors><Error>${error}</Error></Errors><RequestID>${id}</RequestID></Response>`;
  return answer(status, "application/xml; charset=UTF-8", body);
}
