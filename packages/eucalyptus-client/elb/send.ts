import { ELB_CALLS, type ElbAction } from "../calls.ts";
import type { Connection } from "../connection.ts";
import { type Element, parametersOf, resultOf, type Structure } from "../http/members.ts";
import { queryAction } from "../http/queryAction.ts";

const VERSION = "2012-06-01";

/** Sends one action; names and structure are the wire's. `read` takes what is needed from a proven answer. */
export type Send = <T>(action: ElbAction, inputs: Structure, read: (result: Element) => T) => Promise<T>;

/** For calls whose answer says no more than that it is one. */
export const nothing = (): void => {};

export function createSend(url: string, connection: Connection): Send {
  return (action, inputs, read) => {
    const { repetition, has } = ELB_CALLS[action];
    const question = {
      service: "elasticloadbalancing",
      action,
      version: VERSION,
      repetition,
      root: `${action}Response`,
      has,
      parameters: parametersOf(inputs),
    } as const;
    return queryAction(url, connection, question, (xml) => read(resultOf(xml, action)));
  };
}
