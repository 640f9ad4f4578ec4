import type { Direction, Ec2, Permission, SecurityGroup } from "@planet/eucalyptus-client";

/** A group as the cloud keeps it: a rule is its protocol, its ports and the set of its sources. */
export interface FakeGroup {
  readonly ec2: Pick<Ec2, "findSecurityGroup" | "authorize" | "revoke">;
  readonly group: SecurityGroup & { readonly ingress: Permission[] };
  /** What may come in now, source by source. */
  open(): Set<string>;
}

/** @param before Called before each change of the rules, to fail or to look. */
export function fakeGroup(rules: readonly Permission[], before: () => void = () => {}): FakeGroup {
  const group = {
    groupId: "sg-1",
    name: "g",
    description: "",
    vpcId: "",
    ownerId: "",
    ingress: [...rules],
    egress: [],
    tags: {},
  };
  const has = (rule: Permission) => group.ingress.some((other) => identity(other) === identity(rule));
  return {
    group,
    open: () => new Set(group.ingress.flatMap((rule) => sources(rule).map((source) => `${ports(rule)} ${source}`))),
    ec2: {
      findSecurityGroup: () => Promise.resolve({ ...group, ingress: [...group.ingress] }),
      async authorize(_direction: Direction, _groupId: string, added: readonly Permission[]) {
        before();
        if (added.some(has)) return false;
        group.ingress.push(...added);
        return true;
      },
      async revoke(_direction: Direction, _groupId: string, removed: readonly Permission[]) {
        before();
        const gone = new Set(removed.map(identity));
        group.ingress.splice(0, Infinity, ...group.ingress.filter((rule) => !gone.has(identity(rule))));
      },
    },
  };
}

const ports = ({ protocol, fromPort, toPort }: Permission) => `${protocol} ${fromPort}-${toPort}`;
const sources = ({ cidrs, groups }: Permission) => [
  ...cidrs.map(({ cidr }) => cidr),
  ...groups.map(({ groupId }) => groupId),
];
const identity = (rule: Permission) => `${ports(rule)} ${sources(rule).toSorted().join()}`;
