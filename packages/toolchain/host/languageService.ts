import { spawn } from "node:child_process";
import { type ServerWritableStream, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { messageOf } from "@planet/errors";
import { unary } from "@planet/pulumi-plugin";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import { directDependencies, installedVersion } from "./installed.ts";
import { type ProgramRequest, type RuntimeOptions, readRuntimeOptions } from "./programArguments.ts";
import type { ProgramRunner } from "./programRunner.ts";

/** The RPCs that the engine uses for a project that has all it needs; the others answer UNIMPLEMENTED. */
export function languageService(version: string, runner: ProgramRunner): UntypedServiceImplementation {
  return {
    handshake: unary("Handshake", (_request: messages.LanguageHandshakeRequest) => {
      return new messages.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary("GetPluginInfo", (_request: empties.Empty) => new plugins.PluginInfo().setVersion(version)),
    // Empty on purpose: the engine then finds plugins when they are first used; else `pulumi install` downloads them.
    getRequiredPackages: unary("GetRequiredPackages", (_request: messages.GetRequiredPackagesRequest) => {
      return new messages.GetRequiredPackagesResponse();
    }),
    about: unary("About", (request: messages.AboutRequest) => about(request.getInfo())),
    getProgramDependencies: unary("GetProgramDependencies", (request: messages.GetProgramDependenciesRequest) => {
      return dependencies(request.getInfo());
    }),
    run: unary("Run", (request: messages.RunRequest) => run(request, runner)),
    installDependencies: install,
    cancel: unary("Cancel", (_request: empties.Empty) => {
      runner.interrupt();
      return new empties.Empty();
    }),
  };
}

async function run(request: messages.RunRequest, runner: ProgramRunner): Promise<messages.RunResponse> {
  const response = new messages.RunResponse();
  if (request.getAttachDebugger()) {
    return response.setError(
      "this small language host cannot attach a debugger; set runtime.options.nodeargs to --inspect-brk in Pulumi.yaml",
    );
  }
  const end = await runner.run(programRequest(request, runner.engineAddress));
  if (end.kind === "reported") response.setBail(true);
  if (end.kind === "failed") response.setError(end.reason);
  return response;
}

function programRequest(request: messages.RunRequest, engineAddress: string): ProgramRequest {
  const info = request.getInfo();
  return {
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    rootDirectory: info?.getRootDirectory() ?? request.getPwd(),
    programDirectory: info?.getProgramDirectory() ?? request.getPwd(),
    entryPoint: info?.getEntryPoint() ?? request.getProgram(),
    monitorAddress: request.getMonitorAddress(),
    engineAddress,
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    args: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().entries() as unknown as Iterable<[string, string]>),
    secretKeys: request.getConfigsecretkeysList(),
    options: optionsOf(info),
  };
}

function optionsOf(info: messages.ProgramInfo | undefined): RuntimeOptions {
  return readRuntimeOptions(info?.getOptions()?.toJavaScript() ?? {});
}

function about(info: messages.ProgramInfo | undefined): messages.AboutResponse {
  const response = new messages.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  const metadata = response.getMetadataMap();
  metadata.set("packagemanager", packageManager(optionsOf(info)));
  const typescript = info && installedVersion(info.getProgramDirectory(), "typescript");
  if (typescript) metadata.set("typescriptVersion", typescript);
  return response;
}

function dependencies(info: messages.ProgramInfo | undefined): messages.GetProgramDependenciesResponse {
  const response = new messages.GetProgramDependenciesResponse();
  for (const { name, version } of info ? directDependencies(info.getProgramDirectory()) : []) {
    response.addDependencies(new messages.DependencyInfo().setName(name).setVersion(version));
  }
  return response;
}

function packageManager(options: RuntimeOptions): string {
  return options.packagemanager === undefined || options.packagemanager === "auto" ? "npm" : options.packagemanager;
}

/** `pulumi install`: the one streaming call; an error ends the stream with its reason. */
function install(
  call: ServerWritableStream<messages.InstallDependenciesRequest, messages.InstallDependenciesResponse>,
): void {
  const info = call.request.getInfo();
  const fail = (reason: string) => call.emit("error", { code: status.UNKNOWN, message: reason });
  let command: string;
  try {
    command = packageManager(optionsOf(info));
  } catch (error) {
    fail(messageOf(error));
    return;
  }
  const args = ["install", ...(optionsOf(info).production ? ["--production"] : [])];
  const child = spawn(command, args, {
    cwd: info?.getProgramDirectory() ?? call.request.getDirectory(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { InstallDependenciesResponse } = messages;
  child.stdout.on("data", (bytes: Buffer) => call.write(new InstallDependenciesResponse().setStdout(bytes)));
  child.stderr.on("data", (bytes: Buffer) => call.write(new InstallDependenciesResponse().setStderr(bytes)));
  child.on("error", (error) => fail(`${command} did not start: ${error.message}`));
  child.on("close", (code) => (code === 0 ? call.end() : fail(`${command} install failed with exit code ${code}`)));
}
