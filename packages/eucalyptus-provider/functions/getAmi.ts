import type { Image } from "@planet/eucalyptus-client";
import type { Inputs } from "@planet/pulumi-plugin";
import type { GetAmiArgs, GetAmiResult } from "@pulumi/aws/ec2/getAmi.js";
import type { FunctionHandler, RulesOf } from "../handler.ts";
import { flag, objects, refused, region, stringMap, text, textSet } from "../rules/inputRule.ts";
import { visibleTags } from "../rules/tags.ts";
import { textIn, textsOf } from "../values.ts";
import { readFilters, single } from "./filters.ts";

const inputs: RulesOf<GetAmiArgs> = {
  allowUnsafeFilter: flag(),
  executableUsers: textSet(),
  filters: objects(),
  includeDeprecated: refused("Eucalyptus has no deprecated images; remove it", [false]),
  mostRecent: flag(),
  nameRegex: text({ problem: (value) => (isPattern(String(value)) ? undefined : "is not a regular expression") }),
  owners: textSet({
    problem: (value) =>
      textsOf(value).every((owner) => /^(self|\d{12})$/.test(owner)) ? undefined : 'may name account ids and "self"',
  }),
  region,
  tags: stringMap(),
  uefiData: refused("Eucalyptus keeps none; remove it"),
};

/** One image by its properties. Ids differ between clouds (`emi-…`, `ami-…`), so never guess their prefix. */
export const getAmi: FunctionHandler = {
  token: "aws:ec2/getAmi:getAmi",
  inputs,
  async invoke({ ec2, region: ours }, args) {
    const read = readFilters("images", args);
    if ("failures" in read) return read;
    const [owners, executableUsers] = [textsOf(args.owners), textsOf(args.executableUsers)];
    const images = await ec2.describeImages({ filters: read.filters, owners, executableUsers });
    const pattern = new RegExp(textIn(args, "nameRegex") ?? "");
    // Kernels and ramdisks are images too here.
    const fitting = images.filter(({ name, imageType }) => pattern.test(name) && imageType === "machine");
    const chosen = single(args.mostRecent === true ? fitting.slice(0, 1) : fitting, "image");
    return "failures" in chosen ? chosen : { ...resultOf(chosen.found, args, ours) };
  },
};

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
}

function resultOf(image: Image, args: Inputs, ours: string): Inputs {
  const result: { [Name in keyof GetAmiResult]?: Inputs[string] } = {
    ...args,
    architecture: image.architecture,
    arn: `arn:aws:ec2:${ours}::image/${image.imageId}`,
    blockDeviceMappings: [],
    bootMode: "",
    creationDate: image.creationDate,
    deprecationTime: "",
    description: image.description,
    enaSupport: false,
    hypervisor: "",
    id: image.imageId,
    imageId: image.imageId,
    imageLocation: image.location,
    imageOwnerAlias: image.ownerAlias,
    imageType: image.imageType,
    imdsSupport: "",
    kernelId: image.kernelId,
    lastLaunchedTime: "",
    name: image.name,
    ownerId: image.ownerId,
    platform: image.platform,
    platformDetails: "",
    productCodes: [],
    public: image.isPublic,
    ramdiskId: image.ramdiskId,
    region: ours,
    rootDeviceName: image.rootDeviceName,
    rootDeviceType: image.rootDeviceType,
    rootSnapshotId: "",
    sriovNetSupport: "",
    state: image.state,
    stateReason: {},
    tags: visibleTags(image.tags),
    tpmSupport: "",
    usageOperation: "",
    virtualizationType: image.virtualizationType,
  };
  return result as Inputs;
}
