import type { handleUnaryCall } from "@grpc/grpc-js";
import { toServiceError } from "./serviceError.ts";

/** The only place with callbacks and status codes; handlers take and return messages, and throw. */
export function unary<Request, Response>(
  method: string,
  handle: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return ({ request }, reply) => {
    // An exception inside a grpc-js handler would reach the user as "Unknown error".
    Promise.resolve(request)
      .then(handle)
      .then(
        (response) => reply(null, response),
        (error: unknown) => reply(toServiceError(method, error)),
      );
  };
}
