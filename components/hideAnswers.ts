import * as pulumi from "@pulumi/pulumi";

type Debug = typeof pulumi.log.debug;

/** What `pulumi up --debug` shows of an answer of the engine, in the SDK's own words. */
const ANSWER = /^([\w ]+ RPC finished: .*?, resp: )[\s\S]*$/;

/**
 * With `--debug` the SDK writes down each answer of the engine, secrets unmarked among it, and the engine prints that as it is
 * (runtime/resource.js of 3.259.0). Here the line ends before the answer; what the engine itself shows of it stays.
 */
export function hideAnswers(log: { debug: Debug } = pulumi.log): void {
  const { debug } = log;
  log.debug = (message, ...rest) => debug(message.replace(ANSWER, "$1(not shown)"), ...rest);
}
