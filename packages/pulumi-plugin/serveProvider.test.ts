import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { credentials, type Metadata, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "@jest/globals";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import { unary } from "./unary.ts";
import { type Inputs, UNKNOWN } from "./values.ts";
import { decode, encode } from "./wire.ts";

const FIXTURE = fileURLToPath(new URL("testing/provider.ts", import.meta.url));
const URN = "urn:pulumi:dev::p::t:index:R::n";

let plugin: ChildProcess | undefined;
/** What it has said on stderr. */
let stderr = "";
let client: services.ResourceProviderClient | undefined;
afterEach(() => {
  client?.close();
  plugin?.kill("SIGKILL");
});

/** Starts the fixture as the engine starts a plugin, and connects to the port it names. */
async function start(engineAddress = "127.0.0.1:1") {
  const child = spawn(process.execPath, [FIXTURE, engineAddress], { stdio: ["pipe", "pipe", "pipe"] });
  plugin = child;
  stderr = "";
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
  });
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  expect(port).toMatch(/^\d+$/);
  const connected = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.enable_http_proxy": 0,
  });
  client = connected;
  return { child, connected };
}

function call<Response>(send: (done: (error: ServiceError | null, response: Response) => void) => unknown) {
  return new Promise<Response>((resolve, reject) => {
    send((error, response) => (error ? reject(error) : resolve(response)));
  });
}

function createRequest(name: string, inputs: Inputs, preview = false): messages.CreateRequest {
  const request = new messages.CreateRequest().setUrn(URN).setName(name).setPreview(preview);
  return request.setProperties(encode(inputs));
}

describe("a plugin process (proves what the engine gets; not what the engine makes of it)", () => {
  test("has said what to do by the time that somebody kills it, since the engine then shows what it has said", async () => {
    const { child } = await start();
    child.kill("SIGKILL");
    await once(child, "close");
    expect(stderr).toMatch(/it was killed: .*\n.*Run the same command again/);
  });

  test("encodes what the provider returns", async () => {
    const { connected } = await start();
    const created = await call<messages.CreateResponse>((done) =>
      connected.create(createRequest("new", { a: "b" }, true), done),
    );
    expect(decode(created.getProperties(), "keep")).toEqual({ a: "b", address: UNKNOWN });

    const gone = await call<messages.ReadResponse>((done) =>
      connected.read(new messages.ReadRequest().setId("r-1"), done),
    );
    expect(gone.getId()).toBe("");

    const checked = await call<messages.CheckResponse>((done) =>
      connected.check(new messages.CheckRequest().setNews(encode({ bad: 1 })), done),
    );
    expect(checked.getFailuresList().map((failure) => failure.toObject())).toEqual([
      { property: "bad", reason: "is bad" },
    ]);

    const diff = await call<messages.DiffResponse>((done) => connected.diff(new messages.DiffRequest(), done));
    expect(diff.toObject()).toMatchObject({ changes: 2, replacesList: ["a"], hasdetaileddiff: true });
    expect(diff.getDiffsList().toSorted()).toEqual(["a", "b"]);
    expect(diff.getDetaileddiffMap().get("a")?.getKind()).toBe(messages.PropertyDiff.Kind.UPDATE_REPLACE);
  });

  test.each([
    ["a refusal keeps its sentence", "refused", "the cloud says no"],
    ["a defect says so, with the method", "defect", "defect in the plugin, method Create"],
  ])("%s", async (_claim, name, sentence) => {
    const { connected } = await start();
    await expect(
      call<messages.CreateResponse>((done) => connected.create(createRequest(name, {}), done)),
    ).rejects.toMatchObject({
      details: expect.stringContaining(sentence),
    });
  });

  test("what exists but is not initialised keeps its id and state", async () => {
    const { connected } = await start();
    const failed: { metadata: Metadata } = await call<messages.CreateResponse>((done) =>
      connected.create(createRequest("half", {}), done),
    ).then(
      () => Promise.reject(new Error("should fail")),
      (error: unknown) => error as ServiceError,
    );
    const [bytes] = failed.metadata.get("grpc-status-details-bin");
    const [detail] = statuses.Status.deserializeBinary(bytes as Buffer).getDetailsList();
    expect(detail?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
    const facts = messages.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
    expect([facts.getId(), facts.getReasonsList()]).toEqual(["r-1", ["no answer"]]);
    expect(decode(facts.getProperties(), "keep")).toEqual({ a: 1 });
  });

  test("Cancel ends a wait", async () => {
    const { connected } = await start();
    const waiting = expect(
      call<messages.CreateResponse>((done) => connected.create(createRequest("waits", {}), done)),
    ).rejects.toMatchObject({ details: "stopped waiting" });
    await call<unknown>((done) => connected.getPluginInfo(new empties.Empty(), done));
    await call<unknown>((done) => connected.cancel(new empties.Empty(), done));
    await waiting;
  });

  test("messages arrive before the answer of their call", async () => {
    const seen: string[] = [];
    const engine = new Server();
    const log = unary("Log", (request: engineMessages.LogRequest) => {
      seen.push(`${request.getUrn()} ${request.getMessage()}`);
      return new empties.Empty();
    });
    engine.addService(engineServices.EngineService, { log });
    const port = await new Promise<number>((resolve, reject) => {
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    try {
      const { connected } = await start(`127.0.0.1:${port}`);
      await call<messages.CreateResponse>((done) => connected.create(createRequest("new", {}), done));
      expect(seen).toEqual([`${URN} creating new`]);
    } finally {
      engine.forceShutdown();
    }
  });

  test("a 5 MB value passes: the limit is not grpc-js' own", async () => {
    const { connected } = await start();
    const text = "x".repeat(5_000_000);
    const request = new messages.InvokeRequest().setTok("t:known").setArgs(encode({ text }));
    const tooSmall = call<messages.InvokeResponse>((done) => connected.invoke(request, done)).catch(
      (error: ServiceError) => error.details,
    );
    expect(await tooSmall).toMatch(/larger than max/); // refused by this client, so it went through the plugin
  }, 30_000);

  test("it ends at once on SIGINT", async () => {
    const { child } = await start();
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("it ends when the engine is gone", async () => {
    const { child } = await start();
    child.stdin?.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
