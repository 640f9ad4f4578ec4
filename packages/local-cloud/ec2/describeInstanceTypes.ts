import { INSTANCE_TYPES } from "../world/instanceTypes.ts";
import { action } from "./action.ts";
import { availabilityIsForAdministrators } from "./errors.ts";

/** Not AWS's shape: its SDKs decode an empty list. Source: Corymbia/eucalyptus `euca-instance-types.xml`. */
export const describeInstanceTypes = action({
  name: "DescribeInstanceTypes",
  root: "DescribeInstanceTypesResponseType",
  params: { InstanceType: ["string"], Verbose: "boolean?", Availability: "boolean?" },

  run(_world, { InstanceType: names, Availability }) {
    if (Availability) throw availabilityIsForAdministrators();
    const asked = [...INSTANCE_TYPES.values()].filter(({ name }) => names.length === 0 || names.includes(name));
    return {
      instanceTypeDetails: asked.map(({ name, cpu, diskGb, memoryMb }) => ({
        name,
        cpu,
        disk: diskGb,
        diskCount: 1,
        memory: memoryMb,
        networkInterfaces: 2,
      })),
    };
  },
});
