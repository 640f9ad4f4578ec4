import type { Connection } from "../connection.ts";
import { attributeCalls } from "./attributes.ts";
import { instanceHealthCalls } from "./instanceHealth.ts";
import { listenerCalls } from "./listeners.ts";
import { loadBalancerCalls } from "./loadBalancers.ts";
import { placeCalls } from "./places.ts";
import { createSend } from "./send.ts";
import { tagCalls } from "./tags.ts";

export type Elb = ReturnType<typeof createElb>;

/**
 * Elastic Load Balancing as Eucalyptus takes it; `url` ends in `/services/LoadBalancing/`. The service ignores parameters
 * that it does not know and numbers that are none, so an answer that repeats what was asked for has to be the same.
 */
export function createElb(url: string, connection: Connection) {
  const send = createSend(url, connection);
  return {
    ...attributeCalls(send),
    ...instanceHealthCalls(send),
    ...listenerCalls(send),
    ...loadBalancerCalls(send),
    ...placeCalls(send),
    ...tagCalls(send),
  };
}
