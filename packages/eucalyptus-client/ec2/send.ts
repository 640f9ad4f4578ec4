import { Readable } from "node:stream";
import type { EC2Client, ServiceInputTypes, ServiceOutputTypes } from "@aws-sdk/client-ec2";
import { EC2_CALLS, type Ec2Action, rootOfAction } from "../calls.ts";
import { CloudError } from "../cloudError.ts";
import type { Connection } from "../connection.ts";
import { ask, reading } from "../http/ask.ts";
import type { HttpAnswer, HttpRequest } from "../http/exchange.ts";
import { header } from "../http/headers.ts";
import { ownQueryAnswer } from "../http/ownAnswer.ts";
import { type Question, repeated } from "../http/repeated.ts";
import { createSigner } from "../http/sign.ts";

/** The AWS SDK's EC2 module: 250 ms to import, so on first use, and never for those who only use S3. */
type Sdk = typeof import("@aws-sdk/client-ec2");

type SdkCommand<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = Parameters<
  typeof EC2Client.prototype.send<Input, Output>
>[0];

/** Sends one EC2 action; the name is the wire's. `read` takes what is needed from a proven answer. */
export type Send = <Input extends ServiceInputTypes, Output extends ServiceOutputTypes, Result>(
  action: Ec2Action,
  make: (sdk: Sdk) => SdkCommand<Input, Output>,
  read: (output: NoInfer<Output>) => Result,
) => Promise<Result>;

export function createSend(url: string, connection: Connection): Send {
  let loading: Promise<{ sdk: Sdk; client: EC2Client }> | undefined;

  return async (action, make, read) => {
    loading ??= import("@aws-sdk/client-ec2").then((sdk) => ({ sdk, client: createClient(sdk, url, connection) }));
    const { sdk, client } = await loading;
    const question: Question = { action, url, permission: `ec2:${action}`, ...EC2_CALLS[action] };
    return repeated(connection, question, async (of) => {
      let proven: HttpAnswer | undefined;
      const command = make(sdk);
      // In place of the SDK's own exchange: it keeps refusals, also the text/plain ones, away from the SDK's decoders.
      command.middlewareStack.add(
        () => async (args) => {
          const request = toHttp(args.request as SdkRequest);
          proven = (await ask(connection, question, of, request, (answer) => prove(answer, question))).answer;
          return { response: toSdk(proven) };
        },
        { step: "deserialize", name: "ask", priority: "low" },
      );
      const output = await client.send(command);
      if (!proven) throw new Error("the AWS SDK gave an output without a question");
      return reading(proven, question, () => read(output));
    });
  };
}

function createClient(sdk: Sdk, url: string, connection: Connection): EC2Client {
  const signer = createSigner(connection, "ec2");
  const client = new sdk.EC2Client({
    endpoint: url,
    ignoreConfiguredEndpointUrls: true,
    region: connection.region,
    credentials: { ...connection.credentials },
    maxAttempts: 1, // repeated.ts decides instead
    signer: {
      sign: (request, options) => signer.sign(request, { ...options, signingDate: connection.clock.now() }),
    },
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

function prove(answer: HttpAnswer, question: Question) {
  const action = question.action as Ec2Action;
  const { has } = EC2_CALLS[action];
  const proven = ownQueryAnswer(answer, question, { root: rootOfAction(action), has });
  // A 200 that did nothing; the SDK does not decode the field for most actions.
  if (has !== "return" || FALSE_IS_AN_ANSWER.test(action)) return proven;
  if (!/<(?:\w+:)?return>\s*false\s*</.test(proven.text)) return proven;
  const message = "the cloud answered `return` false: nothing was done, mostly for lack of permission";
  const { url } = question;
  throw new CloudError({ code: "ReturnFalse", message, status: 200, action, url, requestId: proven.requestId });
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

function toHttp({ method, protocol, hostname, port, path: target, headers, body }: SdkRequest): HttpRequest {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return { method, protocol, hostname, port, target, headers, body: bytes };
}

function toSdk({ status, headers, body }: HttpAnswer) {
  return {
    statusCode: status,
    headers: { "content-type": header(headers, "content-type") },
    body: Readable.from([body]),
  };
}
