import { type Finding, problem } from "../../text/finding.ts";
import type { StatusFacts } from "./facts.ts";
import { judgeContent } from "./judgeContent.ts";
import { judgeServer } from "./judgeServer.ts";
import { judgeState } from "./judgeState.ts";

/** The whole screen, from the reader's side to the state's. Pure. */
export function judgeStatus(facts: StatusFacts): Finding[] {
  if (facts.isLocalCloudStopped) {
    const text = "the local cloud does not run, so nobody reaches a server of it";
    return [problem("cloud", text, "npm start"), ...judgeState(facts)];
  }
  return [...judgeServer(facts), ...judgeContent(facts), ...judgeState(facts)];
}
