import { messageOf } from "@planet/errors";
import { awaitReadiness } from "./awaitReadiness.ts";
import type { MembersTask } from "./environment.ts";
import { NotServedError } from "./notServedError.ts";
import { type Edges, type Members, progress } from "./waiting.ts";

const LOOK_EVERY_MS = 5_000;

/**
 * Waits until every server of a group serves the release, each by itself. One that ends meanwhile is replaced by the group, and its
 * successor is waited for.
 * @throws {NotServedError} at once when a boot failed (`BOOT_FAILED`): its successor would fail likewise; at the deadline
 * (`SERVERS_NOT_READY`).
 */
export async function awaitMembers(task: MembersTask, edges: Edges): Promise<void> {
  const { release, group, deadlineSeconds } = task;
  const started = edges.now();
  const report = progress(edges);
  const passed = () => Math.floor((edges.now() - started) / 1_000);
  let served: readonly string[] = [];
  for (;;) {
    const found = await edges.readMembers().catch((error: unknown) => messageOf(error));
    const summary = typeof found === "string" ? `it cannot be read: ${found}` : summaryOf(found);
    if (typeof found !== "string" && found.members.length >= found.size) {
      if (found.members.every(({ instanceId }) => served.includes(instanceId))) break;
      const left = Math.max(0, deadlineSeconds - passed());
      const all = found.members.map((member) => awaitReadiness({ ...task, ...member, deadlineSeconds: left }, edges));
      const failed = (await Promise.allSettled(all)).flatMap((each) =>
        each.status === "rejected" ? [each.reason] : [],
      );
      const [final] = failed.filter((error) => error?.code !== "ENDED" || passed() >= deadlineSeconds);
      if (final !== undefined) throw final;
      if (failed.length === 0) {
        served = found.members.map(({ instanceId }) => instanceId);
        continue;
      }
      edges.say(`${messageOf(failed[0]).split("\n")[0]}; the group makes another one`);
    }
    if (passed() >= deadlineSeconds) throw notThere(task, summary);
    report(summary, `waiting for the servers of ${group}, ${passed()} of ${deadlineSeconds} s (${summary})`);
    await edges.sleep(LOOK_EVERY_MS);
  }
  edges.say(`${served.join(", ")} serve ${release}`);
}

const summaryOf = ({ size, members }: Members): string => `${members.length} of ${size} servers run`;

function notThere({ group, release, deadlineSeconds }: MembersTask, summary: string): NotServedError {
  return new NotServedError({
    code: "SERVERS_NOT_READY",
    what: `the servers of ${group} did not serve release ${release} within ${deadlineSeconds} s`,
    why: summary,
    next: `\`euscale-describe-scaling-activities ${group}\` says why one did not start. For readers nothing has changed. \`npx pulumi up\` asks again.`,
  });
}
