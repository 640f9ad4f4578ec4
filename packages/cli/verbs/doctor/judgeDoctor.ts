import { type Finding, note, problem } from "../../text/finding.ts";
import { judgeBackend } from "./judgeBackend.ts";
import { judgeAccount, judgeEndpoint } from "./judgeEndpoint.ts";
import { judgeHost } from "./judgeHost.ts";
import { judgeLeftovers } from "./judgeLeftovers.ts";
import { judgeMemory, judgeReach } from "./judgeMemory.ts";
import { judgePlaces } from "./judgePlaces.ts";
import { judgeServerNeeds } from "./judgeServerNeeds.ts";
import { judgeSettings } from "./judgeSettings.ts";
import { judgeStack, judgeTools } from "./judgeTools.ts";
import type { DoctorFacts } from "./readDoctor.ts";

/** From this machine outwards; a stage that fails ends the list, since all behind it would only repeat it. Pure. */
export function judgeDoctor({ now, tools, subject, state, endpoint, cloud, host }: DoctorFacts): Finding[] {
  const here = [
    ...judgeTools(tools),
    ...judgeStack(subject),
    ...(state ? judgeBackend(state, subject.stack, now) : []),
    ...judgeSettings(subject),
  ];
  if (subject.config === undefined) return here;
  if (!endpoint) {
    const next = `npx pulumi config set planet:endpoint http://<IP address>:8773 --stack ${subject.stack}`;
    return [...here, problem("endpoint", "planet:endpoint is not an http:// or https:// address", next)];
  }
  const outside = [...here, ...judgeEndpoint(endpoint, subject)];
  if (!cloud) return [...outside, note("cloud", "was not asked further")];
  const account = judgeAccount(cloud, subject);
  if ("error" in cloud.platform) return [...outside, ...account, note("cloud", "was not asked further")];
  const { config } = subject;
  const known = { ...subject, config };
  return [
    ...outside,
    ...account,
    ...judgeServerNeeds(cloud, known),
    ...judgePlaces(cloud, known),
    ...(host ? judgeHost(host, known) : []),
    ...judgeMemory(cloud, known),
    ...judgeReach(cloud, endpoint, known),
    ...judgeLeftovers(cloud, known),
  ];
}
