import { credentials, Metadata } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";
import type { Logger } from "./provider.ts";
import { CHANNEL_OPTIONS } from "./serveGrpc.ts";

/** The engine's side of a plugin: a {@link Logger} that can be waited for. */
export interface Engine extends Logger {
  /** Where to send; until then messages are dropped. A later call changes it. */
  connect(address: string): void;
  /** Resolves when all messages sent so far have arrived or failed: they would be lost behind the answer of a call. */
  settled(): Promise<void>;
}

/** Logging may not make a plugin hang when the engine is gone. */
const SEND_LIMIT_MS = 5_000;

export function createEngine(address?: string): Engine {
  let client: services.EngineClient | undefined;
  const pending = new Set<Promise<void>>();

  const connect = (to: string) => {
    client?.close();
    client = new services.EngineClient(to, credentials.createInsecure(), CHANNEL_OPTIONS);
  };

  const send = (urn: string, text: string, severity: messages.LogSeverity, ephemeral: boolean) => {
    const current = client;
    if (!current) return;
    const request = new messages.LogRequest();
    request.setUrn(urn);
    request.setMessage(text);
    request.setSeverity(severity);
    request.setEphemeral(ephemeral);
    const sent = new Promise<void>((resolve) => {
      current.log(request, new Metadata(), { deadline: Date.now() + SEND_LIMIT_MS }, () => resolve());
    });
    if (severity === messages.LogSeverity.DEBUG) return; // one for each call to the cloud: no answer waits for it
    pending.add(sent);
    void sent.then(() => pending.delete(sent));
  };

  if (address !== undefined) connect(address);
  return {
    connect,
    debug: (urn, text) => send(urn, text, messages.LogSeverity.DEBUG, false),
    status: (urn, text) => send(urn, text, messages.LogSeverity.INFO, true),
    info: (urn, text) => send(urn, text, messages.LogSeverity.INFO, false),
    warning: (urn, text) => send(urn, text, messages.LogSeverity.WARNING, false),
    settled: async () => {
      await Promise.all(pending);
    },
  };
}
