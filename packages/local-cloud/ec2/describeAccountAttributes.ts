import { action, FILTER } from "./action.ts";

/** EDGE or VPC. Unknown names are left out, filters ignored. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeAccountAttributes = action({
  name: "DescribeAccountAttributes",
  params: { AttributeName: ["string"], Filter: FILTER },

  run(world, { AttributeName: names }) {
    const attributes = {
      "supported-platforms": world.isVpc ? "VPC" : "EC2",
      "default-vpc": world.state.vpc?.vpcId ?? "none",
    };
    return {
      accountAttributeSet: Object.entries(attributes)
        .filter(([name]) => names.length === 0 || names.includes(name))
        .map(([attributeName, attributeValue]) => ({ attributeName, attributeValueSet: [{ attributeValue }] })),
    };
  },
});
