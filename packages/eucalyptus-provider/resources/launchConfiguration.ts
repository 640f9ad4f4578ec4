import {
  isCloudError,
  type MadeLaunchConfiguration,
  type LaunchConfiguration as Wanted,
} from "@planet/eucalyptus-client";
import { type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import type { LaunchConfiguration } from "@pulumi/aws/ec2/launchConfiguration.js";
import type { CloudContext } from "../cloudContext.ts";
import type { Handler, StateOf } from "../handler.ts";
import { inDoubt } from "../inDoubt.ts";
import { launchProblems } from "../instance/launchProblems.ts";
import { sameUserData, userDataOf } from "../instance/userData.ts";
import { ProviderError } from "../providerError.ts";
import { replacedAsGone } from "../rules/goneInCloud.ts";
import { isSameFixedName } from "../rules/names.ts";
import { sameOrLive } from "../rules/sameOrLive.ts";
import {
  completeLaunchConfiguration,
  launchConfigurationInputs,
  launchConfigurationProblems,
} from "../scaling/launchConfigurationInputs.ts";
import { endOrphans } from "../scaling/leftoverGroups.ts";
import { defined, flagIn, refreshed, textIn, textOf, textsOf } from "../values.ts";
import { waitUntil } from "../waitUntil.ts";

/** A group that names it goes in the same run, and within seconds once it has no members. */
const RELEASE_SECONDS = 120;

/*
 * Who competes: a run that creates a launch configuration; what an earlier run left when it died after
 * CreateLaunchConfiguration; and the older entry of the state that has this very one (`up --replace`, taint, another logical
 * name). What guards: it cannot change and has no tags, so what has the name and the whole content is as good as ours, and is
 * taken over; the run's ledger keeps it from the delete of the older entry. With another content it stops the create.
 * What a crash leaves: one that no state names and that starts nothing, until a create with the same inputs takes it over.
 */

/** How a group starts its members. Id: its name. Every change makes a new one. */
export const launchConfiguration: Handler = {
  token: "aws:ec2/launchConfiguration:LaunchConfiguration",
  inputs: launchConfigurationInputs,
  stables: ["arn", "name"],
  secretWhenImported: ["userData", "userDataBase64"],
  complete: completeLaunchConfiguration,
  problems: launchConfigurationProblems,
  problemsInCloud: (news, olds, cloud) => launchProblems(news, olds, cloud, { ami: "imageId" }),
  alike: (olds, news) => (sameUserData(olds, news) ? ["userData", "userDataBase64"] : []),
  replacesInPlace: (olds, news) => isSameFixedName(olds.name, news.name),

  naturalKey: (id) => `launch configuration ${id}`,

  async diffInCloud(cloud, { urn, id }, found) {
    if (found.replaces.length > 0 || (await cloud.autoScaling.findLaunchConfiguration(id))) return found;
    cloud.log.info(urn, `the launch configuration ${id} of the state is gone: it is made again`);
    return replacedAsGone(found, "arn");
  },

  preview: (news, { region: ours }) => ({
    ...FIXED,
    arn: UNKNOWN,
    iamInstanceProfile: "",
    keyName: "",
    name: UNKNOWN,
    namePrefix: "",
    region: ours,
    securityGroups: [],
    ...news,
  }),

  async create(cloud, { urn, inputs: news }) {
    const wanted = configurationOf(news);
    const live = await createOrTakeOver(cloud, urn, wanted);
    return { id: wanted.name, state: stateOf(live, news, cloud.region) };
  },

  async read(cloud, { id, inputs: known }) {
    const live = await cloud.autoScaling.findLaunchConfiguration(id);
    if (!live) return undefined;
    const inputs = known ? { ...known, ...refreshed(known, observedInputs(live, known)) } : importedInputs(live);
    return { id, inputs, state: stateOf(live, inputs, cloud.region) };
  },

  /** Only user-data can have changed its form. */
  update: async (_cloud, { olds, news }) => {
    const { userData: _text, userDataBase64: _base64, ...rest } = olds;
    return { ...rest, ...news };
  },

  async delete(cloud, { urn, id, timeoutSeconds }) {
    const next = "A group still names it: delete that, then run the command again.";
    const seconds = timeoutSeconds || RELEASE_SECONDS;
    await waitUntil(cloud, { urn, what: `${id} was deleted`, seconds, next }, () => tryDelete(cloud, urn, id));
  },
};

/** Outputs that are the same for every one here. */
const FIXED = {
  ebsBlockDevices: [],
  ebsOptimized: false,
  ephemeralBlockDevices: [],
  placementTenancy: "",
  spotPrice: "",
} as const satisfies StateOf<LaunchConfiguration>;

async function createOrTakeOver(cloud: CloudContext, urn: string, wanted: Wanted): Promise<MadeLaunchConfiguration> {
  const { autoScaling } = cloud;
  const { name } = wanted;
  const findSame = async () => {
    const live = await autoScaling.findLaunchConfiguration(name);
    return live && isSame(live, wanted) ? live : undefined;
  };
  try {
    const made = await inDoubt(cloud, () => autoScaling.createLaunchConfiguration(wanted).then(findSame), findSame);
    if (made) return made;
  } catch (error) {
    if (!isCloudError(error, "AlreadyExists")) throw error;
    const same = await findSame();
    if (same) {
      cloud.log.info(urn, `took over the launch configuration ${name}, which has this very content`);
      return same;
    }
    throw new ProviderError(
      {
        code: "LAUNCH_CONFIGURATION_EXISTS",
        what: `the launch configuration ${name} was not made`,
        why: "one of that name exists with another content, and none can be changed",
        next: "Leave `name` out for one that is free, or choose another.",
      },
      { cause: error },
    );
  }
  throw new ProviderError({
    code: "LAUNCH_CONFIGURATION_DIFFERS",
    what: `the launch configuration ${name} is not as it was asked for`,
    why: "the cloud has taken the call and shows something else, or nothing",
    next: "Find out who else makes one of that name, then run `pulumi up` again.",
  });
}

async function tryDelete(cloud: CloudContext, urn: string, id: string): Promise<{ isGone: true } | string> {
  const { autoScaling } = cloud;
  const isGone = async () => ((await autoScaling.findLaunchConfiguration(id)) ? undefined : true);
  try {
    await inDoubt(cloud, () => autoScaling.deleteLaunchConfiguration(id).then(() => true), isGone);
  } catch (error) {
    if (!isCloudError(error, "ResourceInUse")) throw error;
    await endOrphans(cloud, urn, ({ launchConfigurationName }) => launchConfigurationName === id);
    return `${id} is still named by a group`;
  }
  return { isGone: true };
}

function configurationOf(inputs: Inputs): Wanted {
  return {
    name: textOf(inputs, "name"),
    imageId: textOf(inputs, "imageId"),
    instanceType: textOf(inputs, "instanceType"),
    keyName: textOf(inputs, "keyName"),
    securityGroupIds: textsOf(inputs.securityGroups).toSorted(),
    userData: userDataOf(inputs),
    isMonitored: flagIn(inputs, "enableMonitoring") ?? true,
    iamInstanceProfile: textOf(inputs, "iamInstanceProfile"),
    publicAddress: flagIn(inputs, "associatePublicIpAddress"),
  };
}

function isSame({ arn: _arn, ...live }: MadeLaunchConfiguration, wanted: Wanted): boolean {
  const text = ({ userData, ...rest }: Wanted) =>
    JSON.stringify([
      userData?.toString("base64") ?? "",
      Object.entries(rest).toSorted(([a], [b]) => a.localeCompare(b)),
    ]);
  return text(live) === text(wanted);
}

/** In the program's words, and in the form that it gives its user-data. */
function observedInputs(live: MadeLaunchConfiguration, written: Inputs): Inputs {
  const userData = userDataIn(live);
  return defined({
    associatePublicIpAddress: live.publicAddress,
    enableMonitoring: live.isMonitored,
    iamInstanceProfile: live.iamInstanceProfile,
    imageId: live.imageId,
    instanceType: live.instanceType,
    keyName: live.keyName,
    name: live.name,
    securityGroups: sameOrLive(written.securityGroups, live.securityGroupIds),
    ...(sameUserData(written, userData) ? {} : userData),
  });
}

/** The inputs that would have made this one. What the program then leaves out of them is not a difference. */
function importedInputs(live: MadeLaunchConfiguration): Inputs {
  const entries = Object.entries(observedInputs(live, {}));
  return Object.fromEntries(
    entries.filter(([, value]) => value !== "" && !(Array.isArray(value) && value.length === 0)),
  );
}

function userDataIn({ userData }: MadeLaunchConfiguration): Inputs {
  if (!userData) return {};
  const isText = Buffer.from(userData.toString("utf8")).equals(userData);
  return isText ? { userData: userData.toString("utf8") } : { userDataBase64: userData.toString("base64") };
}

function stateOf(live: MadeLaunchConfiguration, news: Inputs, ours: string): Inputs {
  const observed: StateOf<LaunchConfiguration> = {
    ...FIXED,
    arn: live.arn,
    enableMonitoring: live.isMonitored,
    iamInstanceProfile: textIn(news, "iamInstanceProfile") ?? live.iamInstanceProfile,
    imageId: live.imageId,
    instanceType: live.instanceType,
    keyName: live.keyName,
    name: live.name,
    namePrefix: news.namePrefix ?? "",
    region: ours,
    securityGroups: sameOrLive(news.securityGroups, live.securityGroupIds),
  };
  return { ...news, ...defined(observed) };
}
