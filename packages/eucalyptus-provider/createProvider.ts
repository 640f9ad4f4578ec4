import {
  type CreateRequest,
  type DiffRequest,
  type DiffResult,
  InitializationError,
  type Inputs,
  type Provider,
  type ReadResult,
  Secret,
  type UpdateRequest,
} from "@planet/pulumi-plugin";
import type { CloudContext } from "./cloudContext.ts";
import { type Configuration, configurationProblems, readConfiguration } from "./configuration.ts";
import { functions } from "./functions/index.ts";
import type { CheckFacts, FunctionHandler, Handler } from "./handler.ts";
import { notOffered } from "./notOffered.ts";
import { unsavedEdits } from "./objects/guard.ts";
import { ProviderError } from "./providerError.ts";
import { resources } from "./resources/index.ts";
import { checkInputs } from "./rules/checkInputs.ts";
import { diffInputs } from "./rules/diffInputs.ts";
import { isComputed } from "./rules/inputRule.ts";
import { nameIn } from "./urn.ts";

/** Dispatches to the handlers. What is the same for all resource types is here and nowhere else. */
export function createProvider(connect: (configuration: Configuration) => Promise<CloudContext>): Provider {
  let connected: CloudContext | undefined;

  const cloud = (): CloudContext => {
    if (connected) return connected;
    throw new ProviderError({
      code: "NOT_CONFIGURED",
      what: "the cloud cannot be asked",
      why: "the provider's settings are not known yet",
      next: "Give region and endpoints as plain settings, not as outputs of resources.",
    });
  };

  return {
    checkConfig: (news) => Promise.resolve(configurationProblems(news)),

    async configure(config) {
      const [problem] = configurationProblems(config);
      const configuration = readConfiguration(config);
      if (problem || typeof configuration === "string") throw new Error(problem?.reason ?? String(configuration));
      connected = await connect(configuration);
    },

    async check({ urn, type, name, news, olds, randomSeed }) {
      const handler = handlerOf(type);
      connected?.run.register(urn);
      const problems = checkInputs(handler.inputs, news, connected?.region);
      if (problems.length > 0) return { failures: problems };
      const facts: CheckFacts = { urn, name, olds, randomSeed, mode: connected?.mode };
      const inputs = handler.complete?.(news, facts) ?? news;
      const wrong = handler.problems?.(inputs, facts) ?? [];
      if (wrong.length > 0) return { failures: wrong };
      const failures = connected ? ((await handler.problemsInCloud?.(inputs, olds, connected, urn)) ?? []) : [];
      return failures.length > 0 ? { failures } : { inputs };
    },

    diff(request) {
      const handler = handlerOf(request.type);
      const found = diffInputs(handler, request.oldInputs, request.news, connected?.mode, request.olds);
      return connected ? diffWith(connected, handler, request, found) : Promise.resolve(found);
    },

    async create(request) {
      const handler = handlerOf(request.type);
      if (request.preview) return { id: "", state: await handler.preview(request.inputs, cloud()) };
      return createAndKeep(cloud(), handler, request);
    },

    async read(request) {
      if (request.state) cloud().run.noteInState(request.id);
      const handler = handlerOf(request.type);
      const found = await handler.read(cloud(), request);
      return found && !request.inputs ? asImported(found, handler) : found;
    },

    async update(request) {
      const handler = handlerOf(request.type);
      if (request.preview) return { state: await previewUpdate(handler, cloud(), request) };
      return { state: await handler.update(cloud(), request) };
    },

    async delete(request) {
      refuseWhileEdited(cloud());
      const handler = handlerOf(request.type);
      const key = handler.naturalKey?.(request.id, request.state);
      const keeper = key === undefined ? undefined : cloud().run.keeperOf(key);
      if (keeper === undefined) return handler.delete(cloud(), request);
      cloud().log.info(request.urn, `the ${key} stays: it is now that of ${nameIn(keeper)}`);
    },

    async invoke(token, args) {
      const handler = functions.find((candidate) => candidate.token === token);
      if (!handler) {
        const { message } = notOffered("function", token, tokensOf(functions));
        return { failures: [{ property: "", reason: message }] };
      }
      const problems = checkInputs(handler.inputs, args, cloud().region);
      return problems.length > 0 ? { failures: problems } : handler.invoke(cloud(), args);
    },
  };
}

/** A refresh asks for differences, too: only what the program has registered is wanted, and looked at in the cloud. */
async function diffWith(
  cloud: CloudContext,
  handler: Handler,
  request: DiffRequest,
  found: DiffResult,
): Promise<DiffResult> {
  const { urn, id, olds } = request;
  cloud.run.noteInState(id);
  if (!cloud.run.isRegistered(urn)) return found;
  cloud.run.noteCurrent(urn, id);
  const result = (await handler.diffInCloud?.(cloud, request, found)) ?? found;
  const key = handler.naturalKey?.(id, olds);
  if (key !== undefined && result.replaces.length === 0) cloud.run.confirm(key, urn);
  return result;
}

/** What was made is kept for this run, also where it is not (yet) as asked for. */
async function createAndKeep(cloud: CloudContext, handler: Handler, request: CreateRequest) {
  const keep = ({ id, state }: { id: string; state: Inputs }) => {
    cloud.run.noteInState(id);
    const key = handler.naturalKey?.(id, state);
    if (key !== undefined) cloud.run.create(key, request.urn);
  };
  try {
    const made = await handler.create(cloud, request);
    keep(made);
    return made;
  } catch (error) {
    if (error instanceof InitializationError) keep(error);
    throw error;
  }
}

/** A destroy runs no program that could look at edits, and ends objects last: it does not begin while there are some. */
function refuseWhileEdited({ run }: CloudContext): void {
  if (!run.hasProgram && run.edits.length > 0) throw unsavedEdits(run.edits);
}

/** With what may hold a secret marked as one. */
function asImported({ id, inputs, state }: ReadResult, { secretWhenImported = [] }: Handler): ReadResult {
  const marked = (values: Inputs): Inputs => {
    const secrets = secretWhenImported.filter((name) => values[name] !== undefined);
    return { ...values, ...Object.fromEntries(secrets.map((name) => [name, new Secret(values[name] ?? null)])) };
  };
  return { id, inputs: marked(inputs), state: marked(state) };
}

function handlerOf(type: string): Handler {
  const handler = resources.find(({ token }) => token === type);
  if (handler) return handler;
  throw notOffered("resource type", type, tokensOf(resources));
}

const tokensOf = (handlers: readonly (Handler | FunctionHandler)[]) => handlers.map(({ token }) => token);

/** The outputs after an update: those of the state, without inputs that are gone for good, with the new ones. */
async function previewUpdate(handler: Handler, cloud: CloudContext, request: UpdateRequest): Promise<Inputs> {
  const { olds, oldInputs, news } = request;
  const stays = (name: string) => !(name in oldInputs) || name in news || isComputed(handler.inputs[name]);
  const kept = Object.entries(olds).filter(([name]) => stays(name));
  return { ...Object.fromEntries(kept), ...news, ...(await handler.previewUpdate?.(cloud, request)) };
}
