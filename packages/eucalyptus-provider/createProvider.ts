import type { Inputs, Problem, Provider, ProviderContext, UpdateRequest } from "@planet/pulumi-plugin";
import type { CloudContext } from "./cloudContext.ts";
import { configurationProblems, readConfiguration } from "./configuration.ts";
import { connectCloud } from "./connectCloud.ts";
import { ExplainedError } from "./errors.ts";
import { functions } from "./functions/index.ts";
import type { CheckFacts, FunctionHandler, Handler } from "./handler.ts";
import { resources } from "./resources/index.ts";
import { checkInputs } from "./rules/checkInputs.ts";
import { diffInputs } from "./rules/diffInputs.ts";

/** Dispatches to the handlers. What is the same for all resource types is here and nowhere else. */
export function createProvider(context: ProviderContext, environment: NodeJS.ProcessEnv): Provider {
  let connected: CloudContext | undefined;

  const cloud = (): CloudContext => {
    if (connected) return connected;
    throw new ExplainedError({
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
      connected = await connectCloud(configuration, { ...context, environment });
    },

    async check({ type, name, news, olds, randomSeed }) {
      const handler = handlerOf(type);
      const problems = checkInputs(handler.inputs, news, connected?.region);
      if (problems.length > 0) return { failures: problems };
      const facts: CheckFacts = { name, olds, randomSeed, mode: connected?.mode };
      const inputs = handler.complete?.(news, facts) ?? news;
      const wrong = handler.problems?.(inputs, facts) ?? [];
      if (wrong.length > 0) return { failures: wrong };
      const failures = connected ? ((await handler.problemsInCloud?.(inputs, olds, connected)) ?? []) : [];
      return failures.length > 0 ? { failures } : { inputs };
    },

    diff: ({ type, oldInputs, news }) => Promise.resolve(diffInputs(handlerOf(type), oldInputs, news, connected?.mode)),

    async create(request) {
      const handler = handlerOf(request.type);
      if (request.preview) return { id: "", state: await handler.preview(request.inputs, cloud()) };
      return handler.create(cloud(), request);
    },

    read: (request) => handlerOf(request.type).read(cloud(), request),

    async update(request) {
      const handler = handlerOf(request.type);
      if (request.preview) return { state: await previewUpdate(handler, cloud(), request) };
      return { state: await handler.update(cloud(), request) };
    },

    delete: (request) => handlerOf(request.type).delete(cloud(), request),

    async invoke(token, args) {
      const handler = functions.find((candidate) => candidate.token === token);
      if (!handler) return { failures: [unsupported("function", token, functions)] };
      const problems = checkInputs(handler.inputs, args, cloud().region);
      return problems.length > 0 ? { failures: problems } : handler.invoke(cloud(), args);
    },
  };
}

function handlerOf(type: string): Handler {
  const handler = resources.find(({ token }) => token === type);
  if (handler) return handler;
  const { reason } = unsupported("resource type", type, resources);
  throw new Error(reason);
}

function unsupported(kind: string, token: string, known: readonly (Handler | FunctionHandler)[]): Problem {
  const tokens = known.map((handler) => handler.token.split(":").at(-1)).toSorted();
  return { property: "", reason: `the ${kind} ${token} is not offered for Eucalyptus; there are ${tokens.join(", ")}` };
}

/** The outputs after an update: those of the state, without inputs that are gone, with the new ones. */
async function previewUpdate(handler: Handler, cloud: CloudContext, request: UpdateRequest): Promise<Inputs> {
  const { olds, oldInputs, news } = request;
  const kept = Object.entries(olds).filter(([name]) => !(name in oldInputs) || name in news);
  return { ...Object.fromEntries(kept), ...news, ...(await handler.previewUpdate?.(cloud, request)) };
}
