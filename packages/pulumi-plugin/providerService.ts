import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import { differences, topLevelName } from "./differences.ts";
import { diffResponse } from "./diffResponse.ts";
import type { Engine } from "./engine.ts";
import type { Provider, ProviderInfo } from "./provider.ts";
import { checkFailure, resourceMethods } from "./resourceMethods.ts";
import { unary } from "./unary.ts";
import { decode } from "./wire.ts";

/** One method per RPC: decode, call the plain provider, encode. What is left out answers UNIMPLEMENTED. */
export function providerService(
  provider: Provider,
  info: ProviderInfo,
  engine: Engine,
  cancel: () => void,
): UntypedServiceImplementation {
  return {
    ...aboutPlugin(info, engine, cancel),
    ...configuration(provider),
    ...resourceMethods(provider, engine),
  };
}

function aboutPlugin(info: ProviderInfo, engine: Engine, cancel: () => void): UntypedServiceImplementation {
  return {
    handshake: unary("Handshake", (_request: messages.ProviderHandshakeRequest) => {
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    attach: unary("Attach", (request: plugins.PluginAttach) => {
      engine.connect(request.getAddress()); // started by hand for a debugger: no address on the command line
      return new empties.Empty();
    }),
    getPluginInfo: unary("GetPluginInfo", (_request: empties.Empty) => {
      return new plugins.PluginInfo().setVersion(info.version);
    }),
    getSchema: unary("GetSchema", (_request: messages.GetSchemaRequest) => {
      const schema = JSON.stringify({ name: info.name, version: info.version });
      return new messages.GetSchemaResponse().setSchema(schema);
    }),
    getMapping: unary("GetMapping", (_request: messages.GetMappingRequest) => new messages.GetMappingResponse()),
    getMappings: unary("GetMappings", (_request: messages.GetMappingsRequest) => new messages.GetMappingsResponse()),
    cancel: unary("Cancel", (_request: empties.Empty) => {
      cancel();
      return new empties.Empty();
    }),
  };
}

function configuration(provider: Provider): UntypedServiceImplementation {
  return {
    checkConfig: unary("CheckConfig", async (request: messages.CheckRequest) => {
      const problems = (await provider.checkConfig?.(decode(request.getNews(), "unwrap"))) ?? [];
      const response = new messages.CheckResponse().setInputs(request.getNews());
      return response.setFailuresList(problems.map(checkFailure));
    }),
    diffConfig: unary("DiffConfig", (request: messages.DiffRequest) => {
      const oldInputs = decode(request.hasOldInputs() ? request.getOldInputs() : request.getOlds(), "unwrap");
      const news = decode(request.getNews(), "unwrap");
      // Shown as an update, never as a replacement: that would replace every resource of the provider.
      const paths = Object.entries(differences(oldInputs, news)).filter(([path]) => !isInternal(path));
      const detailed = Object.fromEntries(paths);
      return diffResponse({ changes: paths.length > 0, replaces: [], detailed }, oldInputs, news);
    }),
    configure: unary("Configure", async (request: messages.ConfigureRequest) => {
      await provider.configure(decode(request.getArgs(), "unwrap"));
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      return response.setSupportspreview(true);
    }),
  };
}

function isInternal(path: string): boolean {
  return path === "version" || topLevelName(path).startsWith("__");
}
