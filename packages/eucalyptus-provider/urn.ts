/** The logical name in a urn: `urn:pulumi:stack::project::types::name`. */
export const nameIn = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** `project/stack`: whose a resource is. */
export function stackIn(urn: string): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${project}/${stack}`;
}
