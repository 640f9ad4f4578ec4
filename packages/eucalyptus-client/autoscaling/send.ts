import { AUTO_SCALING_CALLS, type AutoScalingAction } from "../calls.ts";
import type { Connection } from "../connection.ts";
import { createQuerySend, type QuerySend } from "../http/querySend.ts";

export type Send = QuerySend<AutoScalingAction>;

export const createSend = (url: string, connection: Connection): Send =>
  createQuerySend({ service: "autoscaling", version: "2011-01-01", calls: AUTO_SCALING_CALLS }, url, connection);
