import { type LoggedRequest, loggedRequests } from "@planet/local-cloud";
import { createAction } from "../../command.ts";
import { visible } from "../../text/visible.ts";

const DEFAULT_NAME = "local";

/** As they come, in columns that most requests fit into. */
export const showLogs = createAction({
  positionals: "[name]",
  options: {
    follow: { type: "boolean", short: "f", help: "also what comes from now on, until Ctrl-C (-f)" },
    json: { type: "boolean", help: "for a script: the status with the keys, a request a line" },
  },
  async run({ values: { follow, json }, positionals: [name = DEFAULT_NAME] }, context) {
    for await (const entry of loggedRequests(name, follow)) {
      context.out(json ? `${JSON.stringify(entry)}\n` : `${requestLine(entry)}\n`);
    }
    return 0;
  },
});

/** `10:00:00.123  planet   503  12 ms  RunInstances ImageId=emi-…  ServiceUnavailable  [no-capacity]` */
export function requestLine(entry: LoggedRequest): string {
  const { time, source, caller, status, durationMs, action, parameters, code, fault } = entry;
  const who = source.startsWith("i-") ? `${caller} ${source}` : caller;
  const result = status === 0 ? "---" : String(status);
  const columns = [time.slice(11, 23), who.padEnd(7), result, `${durationMs} ms`.padStart(7), action];
  const rest = [parameters, code, fault === "" ? "" : `[${fault}]`].filter((part) => part !== "");
  return visible([...columns, ...rest].join("  ")).replaceAll("\n", " ");
}
