import type { CloudVersion } from "./types.ts";

/** Hex digits of a new id. Source: Corymbia/eucalyptus `ResourceIdentifiers.java` of both versions. */
export function idDigits(version: CloudVersion | undefined): number {
  return version === "4.4" ? 8 : 17;
}
