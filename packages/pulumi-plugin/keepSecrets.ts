import { topLevelName } from "./differences.ts";
import { InitializationError } from "./initializationError.ts";
import type { Failures, Logger, Problem, Provider } from "./provider.ts";
import { markSecrets, openTexts, secretTexts, withoutTexts } from "./secretTexts.ts";
import { containsSecret, type Inputs, inputsWithoutSecrets, type Value } from "./values.ts";

/** One process' secrets. */
export interface SecretKeeper {
  /** The same provider, which knows nothing of secrets, for an engine that sends them marked. */
  provider(plain: Provider): Provider;
  /** The same log without what was ever sent as a secret. */
  logger(log: Logger): Logger;
}

/**
 * The one place that decides what is secret: what a request marks is secret in the answer at the same path and wherever it
 * is repeated, and no failure, error or message has its text. The engine alone would mark equally named outputs only, and it
 * prints the value of a property that a failure names.
 */
export function createSecretKeeper(): SecretKeeper {
  const seen = new Set<string>();
  const hide = (sentence: string) => withoutTexts(sentence, seen);

  /** What marks the answer of this request, and hides secrets in its failures. */
  const request = (now: Inputs | undefined, before: readonly (Inputs | undefined)[] = []) => {
    const open = openTexts(now);
    const ofBefore = [...secretTexts(before.map((each) => each ?? null))].filter((text) => !open.has(text));
    const texts = new Set([...secretTexts(now), ...ofBefore]);
    for (const text of texts) seen.add(text);
    const mark = (values: Inputs, models: readonly (Value | undefined)[] = [now]) =>
      markSecrets(values, models, texts) as Inputs;
    return { mark, failures: (result: Failures) => result.failures.map((problem) => withoutValue(problem, now, hide)) };
  };

  /** Errors are kept as they are but for their text, and for the state that one of them may hold. */
  const guarded = async <Result>(work: Promise<Result>, mark: (values: Inputs) => Inputs): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof InitializationError) {
        const { id, state, reasons, inputs } = error;
        const kept = { id, state: mark(state), reasons: reasons.map(hide), ...(inputs && { inputs: mark(inputs) }) };
        throw new InitializationError(kept, { cause: error });
      }
      error.message = hide(error.message);
      if (error.stack !== undefined) error.stack = hide(error.stack);
      throw error;
    }
  };

  const provider = (plain: Provider): Provider => ({
    ...plain,

    async check(asked) {
      const { news, olds } = asked;
      const { mark, failures } = request(news, [olds]);
      const revealed = {
        ...asked,
        news: inputsWithoutSecrets(news),
        ...(olds && { olds: inputsWithoutSecrets(olds) }),
      };
      const result = await guarded(plain.check(revealed), mark);
      return "failures" in result ? { failures: failures(result) } : { inputs: mark(result.inputs) };
    },

    diff(asked) {
      const { oldInputs, olds, news } = asked;
      const { mark } = request(news, [oldInputs, olds]);
      const [old, state, now] = [oldInputs, olds, news].map(inputsWithoutSecrets);
      return guarded(plain.diff({ ...asked, oldInputs: old ?? {}, olds: state ?? {}, news: now ?? {} }), mark);
    },

    async create(asked) {
      const { mark } = request(asked.inputs);
      const { id, state } = await guarded(plain.create({ ...asked, inputs: inputsWithoutSecrets(asked.inputs) }), mark);
      return { id, state: mark(state) };
    },

    async read(asked) {
      const { state, inputs } = asked;
      const { mark: markAny } = request(undefined, [state, inputs]);
      const mark = (values: Inputs) => markAny(values, [state, inputs]);
      const revealed = {
        ...asked,
        ...(state && { state: inputsWithoutSecrets(state) }),
        ...(inputs && { inputs: inputsWithoutSecrets(inputs) }),
      };
      const found = await guarded(plain.read(revealed), mark);
      return found && { id: found.id, state: mark(found.state), inputs: markAny(found.inputs, [inputs]) };
    },

    async update(asked) {
      const { olds, oldInputs, news } = asked;
      const { mark } = request(news, [olds, oldInputs]);
      const [state, old, now] = [olds, oldInputs, news].map(inputsWithoutSecrets);
      const revealed = { ...asked, olds: state ?? {}, oldInputs: old ?? {}, news: now ?? {} };
      return { state: mark((await guarded(plain.update(revealed), mark)).state) };
    },

    delete(asked) {
      const { state, oldInputs } = asked;
      const { mark } = request(undefined, [state, oldInputs]);
      const revealed = { ...asked, state: inputsWithoutSecrets(state), oldInputs: inputsWithoutSecrets(oldInputs) };
      return guarded(plain.delete(revealed), mark);
    },

    async invoke(token, args, preview) {
      const { mark, failures } = request(args);
      const result = await guarded(plain.invoke(token, inputsWithoutSecrets(args), preview), mark);
      return isFailures(result) ? { failures: failures(result) } : result;
    },
  });

  const logger = (log: Logger): Logger => ({
    debug: (urn, text) => log.debug(urn, hide(text)),
    status: (urn, text) => log.status(urn, hide(text)),
    info: (urn, text) => log.info(urn, hide(text)),
    warning: (urn, text) => log.warning(urn, hide(text)),
  });

  return { provider, logger };
}

/** The engine would print the value of the property: a secret one is named in the reason alone. */
function withoutValue({ property, reason }: Problem, inputs: Inputs = {}, hide: (sentence: string) => string): Problem {
  const isSecret = property !== "" && containsSecret(inputs[topLevelName(property)]);
  return isSecret ? { property: "", reason: `${property}: ${hide(reason)}` } : { property, reason: hide(reason) };
}

function isFailures(result: object): result is Failures {
  return "failures" in result && Array.isArray(result.failures);
}
