import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import pulumiErrors from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import anys from "google-protobuf/google/protobuf/any_pb.js";
import { InitializationError } from "./initializationError.ts";
import { encode } from "./wire.ts";

/** Errors that JavaScript itself throws at a mistake in code; everything else was thrown on purpose. */
const DEFECTS = new Set(["TypeError", "ReferenceError", "RangeError", "SyntaxError", "URIError", "EvalError"]);

type Answer = Pick<ServiceError, "code" | "message"> & { readonly metadata?: Metadata };

/** What the engine gets for an error, and what the user reads under the resource. The one place that decides it. */
export function toServiceError(method: string, error: unknown): Answer {
  if (error instanceof InitializationError) return initializationFailed(error);
  if (error instanceof Error && !DEFECTS.has(error.name)) return { code: status.UNKNOWN, message: sentence(error) };
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: status.INTERNAL, message: `defect in the plugin, method ${method}; please report it: ${trace}` };
}

function sentence(error: Error): string {
  return error.message === "" ? error.name : error.message;
}

/**
 * The details travel in a trailer that grpc-js does not write by itself: a serialized `google.rpc.Status`.
 * Source: pulumi/pulumi `sdk/nodejs/provider/server.ts`.
 */
function initializationFailed(error: InitializationError): Answer {
  const detail = new pulumiErrors.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(encode(error.state));
  detail.setReasonsList([...error.reasons]);
  if (error.inputs) detail.setInputs(encode(error.inputs));

  const packed = new anys.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new statuses.Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(error.message);
  answer.addDetails(packed);

  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code: status.UNKNOWN, message: error.message, metadata };
}
