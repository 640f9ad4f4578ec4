import { validationError } from "./errors.ts";

/** Patterns of the service. Source: Corymbia/eucalyptus `AutoScalingMessageValidation.java`. */
export const PATTERNS = {
  /** Printable, without a colon; an ARN may stand for a name. */
  name: /^(?:[^:\p{Cc}\p{Cs}]{1,255}|arn:aws:autoscaling:.{1,600})$/u,
  image: /^[ae]mi-(?:[0-9a-f]{8}|[0-9a-f]{17})$/i,
  instance: /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/i,
  userData: /^.{0,90000}$/s,
  subnets: /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})(?:,subnet-(?:[0-9a-f]{8}|[0-9a-f]{17}))*$/i,
} as const;

export interface FieldRule {
  readonly value: string | number | undefined;
  readonly isRequired?: boolean;
  /** Of a text. */
  readonly pattern?: RegExp;
  /** Of a number. */
  readonly least?: number;
  readonly most?: number;
}

/** @throws {ServiceError} `ValidationError` for the alphabetically first field that is wrong */
export function checkFields(fields: Readonly<Record<string, FieldRule>>): void {
  for (const [name, rule] of Object.entries(fields).toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    const { value, isRequired = false } = rule;
    if (value === undefined) {
      if (isRequired) throw validationError(`${name} is required`);
    } else if (typeof value === "number") {
      const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = rule;
      if (value < least || value > most) throw validationError(`${value} for parameter ${name} is invalid`);
    } else if (rule.pattern?.test(value) === false) {
      throw validationError(`'${value}' for parameter ${name} is invalid`);
    }
  }
}

/** The name in an ARN of a group or launch configuration; any other text is the name. */
export function nameIn(text: string): string {
  return (
    /^arn:aws:autoscaling:.*(?:autoScalingGroupName|launchConfigurationName)\/(.*)$/s.exec(text)?.[1]?.trimEnd() ?? text
  );
}
