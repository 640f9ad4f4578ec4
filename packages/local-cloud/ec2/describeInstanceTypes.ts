import { enabledTypes } from "../world/instanceTypes.ts";
import { action } from "./action.ts";
import { availabilityIsForAdministrators } from "./errors.ts";

/** Not AWS's shape: its SDKs decode an empty list. Source: Corymbia/eucalyptus `euca-instance-types.xml`. */
export const describeInstanceTypes = action({
  name: "DescribeInstanceTypes",
  root: "DescribeInstanceTypesResponseType",
  requestIdIn: "VmTypeMessage",
  params: { InstanceType: ["string"], Verbose: "boolean?", Availability: "boolean?" },

  run(world, { InstanceType: names, Availability }) {
    if (Availability) throw availabilityIsForAdministrators();
    const asked = [...enabledTypes(world.state.version).values()].filter(
      ({ name }) => names.length === 0 || names.includes(name),
    );
    return {
      instanceTypeDetails: asked.map(({ name, cpu, diskGb, memoryMb }) => ({
        name,
        cpu,
        disk: diskGb,
        diskCount: 0,
        memory: memoryMb,
        networkInterfaces: 2,
        availability: [],
        ephemeralDisk: [],
      })),
    };
  },
});
