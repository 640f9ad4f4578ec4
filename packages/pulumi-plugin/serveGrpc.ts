import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";

/** What the engine itself allows (pulumi/pulumi `sdk/go/common/util/rpcutil`); grpc-js stops at 4 MB. */
const MESSAGE_LIMIT_BYTES = 400 * 1024 * 1024;

/** Options for every channel to or from the engine: large messages, and never a proxy for 127.0.0.1. */
export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": MESSAGE_LIMIT_BYTES,
  "grpc.max_send_message_length": MESSAGE_LIMIT_BYTES,
  "grpc.enable_http_proxy": 0,
};

/**
 * Serves on a free port of 127.0.0.1, which the first line on stdout names to the engine. Everything else goes to
 * stderr or to the engine. Ends the process when the engine asks (SIGINT; waiting costs each command 5 s) and when the
 * engine is gone (its end of stdin closes): plugins without a parent would go on with their work forever.
 * @param onEnd runs synchronously just before the process ends.
 */
export async function serveGrpc(
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
  onEnd: () => void,
): Promise<void> {
  const end = () => {
    onEnd();
    process.exit(0);
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.stdin.on("end", end).on("error", end).resume();
  for (const stream of [process.stdout, process.stderr]) stream.on("error", end); // nobody reads any more

  const server = new Server(CHANNEL_OPTIONS);
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  process.stdout.write(`${port}\n`);
}

/** The engine's address from the command line: the one argument that is not a flag. */
export function engineAddress(args: readonly string[]): string | undefined {
  return args.findLast((argument) => !argument.startsWith("-"));
}
