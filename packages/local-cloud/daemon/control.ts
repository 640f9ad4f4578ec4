import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { giveToCaller } from "../machine/caller.ts";

/** What the daemon offers over its control socket. */
export interface Controls {
  status(): unknown;
  console(instanceId: string): Promise<Buffer>;
  followConsole(instanceId: string, response: ServerResponse): Promise<void>;
  sendRequests(follow: boolean, response: ServerResponse): void;
  changeSettings(changes: Record<string, unknown>): void;
  setFault(fault: Record<string, unknown>): void;
  /** @param name all, when there is none */
  clearFault(name: unknown): void;
  /** Called after the answer has gone out. */
  stop(): void;
}

/** Serves the control socket; only its owner may connect. */
export async function serveControls(socketPath: string, controls: Controls): Promise<Server> {
  rmSync(socketPath, { force: true }); // of a killed predecessor: the caller holds the cloud's lock
  const server = createServer((request, response) => {
    answer(request, response, controls).catch((error: unknown) => {
      response.statusCode = 400;
      response.end(`${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  giveToCaller(socketPath);
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, controls: Controls): Promise<void> {
  const [, verb, argument = ""] = (request.url ?? "").split("/");
  const call = `${request.method} /${verb}`;
  if (call === "GET /status") sendJson(response, controls.status());
  else if (call === "GET /console") response.end(await controls.console(instanceIdIn(argument)));
  else if (call === "GET /console-follow") await controls.followConsole(instanceIdIn(argument), response);
  else if (call === "GET /requests") controls.sendRequests(argument === "follow", response);
  else if (call === "POST /settings") sendJson(response, controls.changeSettings(await jsonBody(request)) ?? {});
  else if (call === "POST /fault") sendJson(response, controls.setFault(await jsonBody(request)) ?? {});
  else if (call === "POST /clear-fault") sendJson(response, controls.clearFault((await jsonBody(request)).fault) ?? {});
  else if (call === "POST /stop") {
    response.once("close", () => controls.stop());
    sendJson(response, {});
  } else throw new Error(`there is no ${call}`);
}

/** The id becomes part of a file's name. */
function instanceIdIn(text: string): string {
  if (!/^i-[0-9a-f]{8,17}$/.test(text)) throw new Error(`"${text}" is not an instance id`);
  return text;
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader("Content-Type", "application/json");
  response.end(`${JSON.stringify(value)}\n`);
}

async function jsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += String(part);
  const value: unknown = JSON.parse(text || "{}");
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("the body must be a JSON object");
  return { ...value };
}
