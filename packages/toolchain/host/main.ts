import { createRequire } from "node:module";
import { engineAddress, serveGrpc } from "@planet/pulumi-plugin";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { languageService } from "./languageService.ts";
import { createProgramRunner } from "./programRunner.ts";

const address = engineAddress(process.argv.slice(2));
if (address === undefined) throw new Error("the engine's address is missing: this program is started by pulumi only");

// The engine expects the CLI's own version; the SDK is pinned to the same.
const { version } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
const runner = createProgramRunner(address);
await serveGrpc(services.LanguageRuntimeService, languageService(version, runner), () => runner.kill());
