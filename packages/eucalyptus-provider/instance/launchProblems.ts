import { byNearness } from "@planet/errors";
import { isCloudError } from "@planet/eucalyptus-client";
import type { Inputs, Problem } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { textIn } from "../values.ts";

/** What a reason names of all that the cloud has; more would hide the reason. */
const SHOWN = 8;

/** What the cloud has of one kind: names, and how each is shown. */
interface Known {
  /** Of an instance; a launch configuration has another name for its image. */
  readonly property: "ami" | "instanceType" | "keyName";
  /** How people call the kind, with its article. */
  readonly kind: string;
  /** Empty when the cloud does not say: then nothing is refused. */
  ask(ec2: CloudContext["ec2"]): Promise<ReadonlyMap<string, string>>;
}

const QUESTIONS: readonly Known[] = [
  {
    property: "ami",
    kind: "an image",
    async ask(ec2) {
      // No filter by id: the answer names what there is instead. Kernels and ramdisks are images too here.
      const images = await ec2.describeImages({ filters: { "image-type": ["machine"] } });
      return new Map(images.map(({ imageId, name }) => [imageId, name === "" ? imageId : `${imageId} (${name})`]));
    },
  },
  {
    property: "instanceType",
    kind: "an instance type",
    ask: async (ec2) => new Map((await ec2.describeInstanceTypes()).map(({ name }) => [name, name])),
  },
  {
    property: "keyName",
    kind: "a key pair",
    ask: async (ec2) => new Map((await ec2.describeKeyPairs({})).map(({ keyName }) => [keyName, keyName])),
  },
];

/**
 * What RunInstances would refuse after everything else is made, and with little to go by. Asked when a value is new only: an
 * instance that runs outlives its image. A cloud that does not answer a question, or may not be asked it, refuses nothing.
 */
export async function launchProblems(
  news: Inputs,
  olds: Inputs | undefined,
  { ec2, run }: Pick<CloudContext, "ec2" | "run">,
  names: { readonly ami: string } = { ami: "ami" },
): Promise<Problem[]> {
  const problems = await Promise.all(
    QUESTIONS.map(async (question): Promise<Problem[]> => {
      const property = question.property === "ami" ? names.ami : question.property;
      const value = textIn(news, property);
      if (value === undefined || value === olds?.[property]) return [];
      if (property === "keyName" && run.isAnnouncedKeyPair(value)) return [];
      const known = await answered(question.ask(ec2));
      if (!known || known.has(value)) return [];
      return [{ property, reason: reasonFor(value, { ...question, property }, known) }];
    }),
  );
  return problems.flat();
}

async function answered(question: Promise<ReadonlyMap<string, string>>) {
  try {
    return await question;
  } catch (error) {
    if (isCloudError(error)) return undefined;
    throw error;
  }
}

function reasonFor(
  value: string,
  { kind, property }: { readonly kind: string; readonly property: string },
  known: ReadonlyMap<string, string>,
): string {
  const nearest = byNearness(value, known.keys());
  const shown = nearest.slice(0, SHOWN).map((name) => known.get(name) ?? name);
  const more = nearest.length > SHOWN ? `, and ${nearest.length - SHOWN} more` : "";
  const choice = shown.length === 0 ? "there is none" : `there are ${shown.join(", ")}${more}`;
  return `"${value}" is not ${kind} that this account can see on this cloud; ${choice}. Correct ${property}`;
}
