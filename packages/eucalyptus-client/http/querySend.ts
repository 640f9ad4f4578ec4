import type { QueryCall } from "../calls.ts";
import type { Connection } from "../connection.ts";
import { type Element, parametersOf, resultOf, type Structure } from "./members.ts";
import { type QueryAction, queryAction } from "./queryAction.ts";

/** A service whose answers have their content in `<Action>Result`. */
interface QueryService<Action extends string> extends Pick<QueryAction, "service" | "version"> {
  readonly calls: Readonly<Record<Action, QueryCall>>;
}

/** Sends one action; names and structure are the wire's. `read` takes what is needed from a proven answer. */
export type QuerySend<Action extends string> = <T>(
  action: Action,
  inputs: Structure,
  read: (result: Element) => T,
) => Promise<T>;

export function createQuerySend<Action extends string>(
  { service, version, calls }: QueryService<Action>,
  url: string,
  connection: Connection,
): QuerySend<Action> {
  return (action, inputs, read) => {
    const { repetition, has } = calls[action];
    const root = `${action}Response`;
    const question = { service, action, version, repetition, root, has, parameters: parametersOf(inputs) };
    return queryAction(url, connection, question, (xml) => read(resultOf(xml, action)));
  };
}
