import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";

/** What we read of a Pulumi.yaml ourselves. */
export interface ProjectFile {
  readonly name?: string;
  /** `backend.url`, as it is written. */
  readonly backend?: string;
}

/**
 * Reads a Pulumi.yaml. Nothing is known of one that is missing. Of a broken one we take what can be read, because the
 * CLI itself reports what is wrong with it.
 */
export function readProjectFile(file: string): ProjectFile {
  const { name, backend } = topOf(read(file));
  return {
    // A project's name is part of paths, so it is taken only when the CLI would (pulumi 3.259.0, sdk/go/common/tokens).
    ...(typeof name === "string" && /^[\w.-]+$/.test(name) && { name }),
    ...(isMap(backend) && typeof backend.url === "string" && backend.url !== "" && { backend: backend.url }),
  };
}

/** Reads `planet:endpoint` of a stack's file; undefined when it has none. */
export function readEndpoint(file: string): string | undefined {
  const { config } = topOf(read(file));
  const endpoint = isMap(config) ? (config["planet:endpoint"] ?? config.endpoint) : undefined;
  return typeof endpoint === "string" && endpoint !== "" ? endpoint : undefined;
}

function topOf(text: string): Readonly<Record<string, unknown>> {
  try {
    // All words are texts for us: a project may be called 2026.
    const top: unknown = parseDocument(text, { schema: "failsafe" }).toJS();
    return isMap(top) ? top : {};
  } catch {
    return {}; // an alias of nothing
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
