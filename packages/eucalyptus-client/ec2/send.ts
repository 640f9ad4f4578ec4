import { Readable } from "node:stream";
import type { EC2Client, ServiceInputTypes, ServiceOutputTypes } from "@aws-sdk/client-ec2";
import type { Connection } from "../connection.ts";
import { CloudError, parseFault } from "../errors.ts";
import { attempts } from "../http/attempts.ts";
import { exchange } from "../http/exchange.ts";
import { dateHeader, header } from "../http/headers.ts";
import { createSigner } from "../http/sign.ts";

/** The AWS SDK's EC2 module: 250 ms to import, so on first use, and never for those who only use S3. */
export type Sdk = typeof import("@aws-sdk/client-ec2");

type SdkCommand<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = Parameters<
  typeof EC2Client.prototype.send<Input, Output>
>[0];

/** Sends one EC2 action; the name is the wire's. */
export type Send = <Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  action: string,
  make: (sdk: Sdk) => SdkCommand<Input, Output>,
) => Promise<Output>;

/**
 * Repeating these does no harm: they read, or end in a named state. Not RunInstances, in spite of its token: two first
 * calls with one token are not guarded, and the one that gave no answer may still be under way.
 */
const REPEATABLE = /^(Describe|Get|TerminateInstances$|CreateTags$|DeleteTags$|AssociateAddress$)/;

const DEFAULT_TIMEOUT_MS = 60_000;

export function createSend(url: string, connection: Connection): Send {
  let loading: Promise<{ sdk: Sdk; client: EC2Client }> | undefined;

  return async (action, make) => {
    loading ??= import("@aws-sdk/client-ec2").then((sdk) => ({ sdk, client: createClient(sdk, url, connection) }));
    const { sdk, client } = await loading;
    return attempts(connection, { repeatable: REPEATABLE.test(action) }, () => client.send(make(sdk)));
  };
}

function createClient(sdk: Sdk, url: string, connection: Connection): EC2Client {
  const signer = createSigner(connection, "ec2");
  const client = new sdk.EC2Client({
    endpoint: url,
    ignoreConfiguredEndpointUrls: true,
    region: connection.region,
    credentials: { ...connection.credentials },
    // Eucalyptus says 500 to what is a caller's mistake, and the SDK would ask again: attempts.ts decides instead.
    maxAttempts: 1,
    signer: {
      sign: (request, options) => signer.sign(request, { ...options, signingDate: connection.clock.now() }),
    },
    requestHandler: requestHandler(connection),
  });
  client.middlewareStack.add(
    (next, context) => (args) => {
      dropClientToken(String(context.commandName ?? ""), args.request);
      return next(args);
    },
    { step: "build", name: "dropClientToken", priority: "high" },
  );
  return client;
}

/** The SDK makes up a ClientToken for several actions. Only RunInstances takes one here; elsewhere it is a 400. */
function dropClientToken(command: string, request: unknown) {
  if (command === "RunInstancesCommand") return;
  const { body } = request as { body?: unknown };
  if (typeof body !== "string" || !body.includes("ClientToken=")) return;
  const parameters = new URLSearchParams(body);
  parameters.delete("ClientToken");
  (request as { body: string }).body = parameters.toString();
}

/** For these `false` has a meaning of its own: a rule or key that was there, or was not. */
const FALSE_IS_AN_ANSWER = /^(AuthorizeSecurityGroup|DeleteKeyPair)/;

/** A 200 that did nothing; the SDK does not decode the field for most actions. */
function isQuietRefusal(action: string, body: Buffer): boolean {
  if (/^(Describe|Get|Run)/.test(action) || FALSE_IS_AN_ANSWER.test(action)) return false;
  return /<(?:\w+:)?return>\s*false\s*</.test(body.toString("utf8"));
}

interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** In place of the SDK's own: it turns every refusal, also the text/plain ones, into a {@link CloudError}. */
function requestHandler(connection: Connection) {
  return {
    async handle({ method, protocol, hostname, port, path: target, headers, body }: SdkRequest) {
      const bytes = typeof body === "string" ? Buffer.from(body) : body;
      const action = /(?:^|&)Action=(\w+)/.exec(bytes?.toString() ?? "")?.[1] ?? method;
      const answer = await exchange(
        { method, protocol, hostname, port, target, headers, body: bytes },
        { action, timeoutMs: connection.timeoutMs ?? DEFAULT_TIMEOUT_MS, cancelled: connection.cancelled },
      );
      if (answer.status >= 400) {
        const { code, message } = parseFault(answer.body.toString("utf8"), answer.status);
        throw new CloudError({
          code,
          message,
          status: answer.status,
          action,
          date: dateHeader(answer.headers, "date"),
        });
      }
      if (isQuietRefusal(action, answer.body)) {
        const message = "the cloud answered `return` false: nothing was done, mostly for lack of permission";
        throw new CloudError({ code: "ReturnFalse", message, status: answer.status, action });
      }
      return {
        response: {
          statusCode: answer.status,
          headers: { "content-type": header(answer.headers, "content-type") },
          body: Readable.from([answer.body]),
        },
      };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}
