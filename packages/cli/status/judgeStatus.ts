import type { StatusFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { judgeContent } from "./judgeContent.ts";
import { judgeServer } from "./judgeServer.ts";
import { judgeState } from "./judgeState.ts";

/** The whole screen, from the reader's side to the state's. Pure. */
export function judgeStatus(facts: StatusFacts): Finding[] {
  return [...judgeServer(facts), ...judgeContent(facts), ...judgeState(facts)];
}
