import type { Value } from "@planet/pulumi-plugin";

/** Source: Corymbia/eucalyptus `AutoScalingMessageValidation.java`. */
const NAME_CHARACTERS = 255;
/** A hyphen and eight digits, and an ordinal in case. */
const MADE_UP_CHARACTERS = 15;

/** Reason why Auto Scaling would refuse the name of a group or a launch configuration. */
export function problemWithName(value: Value): string | undefined {
  return problemWith(value, NAME_CHARACTERS);
}

export function problemWithPrefix(value: Value): string | undefined {
  return problemWith(value, NAME_CHARACTERS - MADE_UP_CHARACTERS);
}

function problemWith(value: Value, limit: number): string | undefined {
  const isFine = new RegExp(`^[\\x20-\\x39\\x3b-\\x7e]{1,${limit}}$`).test(String(value));
  return isFine ? undefined : `must be 1 to ${limit} ASCII characters, with no colon`;
}
