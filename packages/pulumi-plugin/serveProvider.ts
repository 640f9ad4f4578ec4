import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { createEngine } from "./engine.ts";
import { createSecretKeeper } from "./keepSecrets.ts";
import type { Provider, ProviderContext, ProviderInfo } from "./provider.ts";
import { providerService } from "./providerService.ts";
import { engineAddress, serveGrpc } from "./serveGrpc.ts";

/**
 * A plugin that is killed cannot say anything, and the engine then calls it a bug and shows what was on its stderr (pulumi
 * 3.259.0, `sdk/go/common/resource/plugin/plugin.go`, Close). Otherwise it shows nothing of that.
 */
const LAST_WORDS = `
       Unless it gives a reason below, it was killed: by somebody, or by the kernel when memory ran out (see \`dmesg\`).
       Run the same command again: it continues from what is there, and takes over what was begun.
`;

/** The whole main() of a resource plugin. Resolves when it serves; the process then lives until the engine ends it. */
export async function serveProvider(make: (context: ProviderContext) => Provider, info: ProviderInfo): Promise<void> {
  process.stderr.write(LAST_WORDS);
  const engine = createEngine(engineAddress(process.argv.slice(2)));
  const cancellation = new AbortController();
  const cancel = () => cancellation.abort(new Error("the update was cancelled"));
  const context = { log: engine, cancelled: cancellation.signal };
  const keeper = createSecretKeeper();
  const provider = info.acceptSecrets
    ? make(context)
    : keeper.provider(make({ ...context, log: keeper.logger(engine) }));
  await serveGrpc(services.ResourceProviderService, providerService(provider, info, engine, cancel), cancel);
}
