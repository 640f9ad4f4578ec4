import { type Inputs, isMap, type Problem, type Value } from "@planet/pulumi-plugin";
import type { CheckFacts } from "../handler.ts";
import { textIn } from "../values.ts";
import { problemWithRule } from "./ruleProblems.ts";
import { expandRule, ruleKey } from "./securityRules.ts";

/** Source: Corymbia/eucalyptus `NetworkGroupManager.java`. EDGE fails at more than 255 with a 500. */
const TEXTS = {
  vpc: {
    pattern: /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/,
    reason: "has more than 255 or other characters than letters, digits, blanks and ._-:/()#,@[]+=&;{}!$*",
  },
  edge: { pattern: /^[\x20-\x7e]{0,255}$/, reason: "has more than 255 characters, or some beyond ASCII" },
};

/** What the table of inputs cannot say of a security group. */
export function groupProblems(news: Inputs, { mode }: CheckFacts): Problem[] {
  const problems: Problem[] = [];
  if (textIn(news, "name")?.startsWith("sg-")) problems.push({ property: "name", reason: 'may not begin with "sg-"' });
  // EDGE takes it, and nobody finds the group again.
  if (news.name === "") problems.push({ property: "name", reason: "is empty; give one, or leave it out" });
  const { pattern, reason } = TEXTS[mode ?? "edge"];
  for (const name of ["name", "description"]) {
    if (!pattern.test(textIn(news, name) ?? "")) problems.push({ property: name, reason });
  }
  problems.push(...listProblems("ingress", news.ingress, mode), ...listProblems("egress", news.egress, undefined));
  if (mode === "edge") {
    if (news.vpcId !== undefined) {
      problems.push({ property: "vpcId", reason: "is for clouds in VPC mode, this one is in EDGE mode; remove it" });
    }
    if (news.egress !== undefined && !isAllowAll(news.egress)) {
      const reason =
        "cannot be limited on a cloud in EDGE mode, where everything may leave; remove it, or allow all (protocol -1, 0.0.0.0/0)";
      problems.push({ property: "egress", reason });
    }
  }
  return problems;
}

function listProblems(direction: string, list: Value | undefined, mode: CheckFacts["mode"]): Problem[] {
  const seen = new Map<string, number>();
  return (Array.isArray(list) ? list : []).flatMap((rule: Value, index): Problem[] => {
    if (!isMap(rule)) return [];
    const property = `${direction}[${index}]`;
    const reason = problemWithRule({ ...rule }, mode);
    if (reason !== undefined) return [{ property, reason }];
    const twice = expandRule({ ...rule }, "self")
      .map(ruleKey)
      .find((key) => seen.has(key));
    if (twice !== undefined) {
      return [{ property, reason: `opens the same as ${direction}[${seen.get(twice)}] (${twice}); remove one` }];
    }
    for (const single of expandRule({ ...rule }, "self")) seen.set(ruleKey(single), index);
    return [];
  });
}

/** Key of the rule by which the cloud itself lets everything out of a new group in VPC mode. */
export const ALL_KEY = "-1 0.0.0.0/0";

/** The one egress that EDGE gives anyway; so a program can serve both modes. */
function isAllowAll(egress: Value): boolean {
  const rules = Array.isArray(egress) ? egress.filter(isMap) : [];
  const keys = rules.flatMap((rule) => expandRule({ ...rule }, "self")).map(ruleKey);
  return keys.length === 1 && keys[0] === ALL_KEY;
}
