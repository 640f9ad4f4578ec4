import { ELB_CALLS, type ElbAction } from "../calls.ts";
import type { Connection } from "../connection.ts";
import { createQuerySend, type QuerySend } from "../http/querySend.ts";

export type Send = QuerySend<ElbAction>;

export const createSend = (url: string, connection: Connection): Send =>
  createQuerySend({ service: "elasticloadbalancing", version: "2012-06-01", calls: ELB_CALLS }, url, connection);
