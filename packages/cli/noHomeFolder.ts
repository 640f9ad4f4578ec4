import { homedir } from "node:os";
import { codeOf } from "@planet/errors";
import { OperatorError } from "./command.ts";

/** What the operating system says of a folder that is not there to be written to. */
const REFUSALS: readonly unknown[] = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR"];

/** What to answer when a step failed because its user, such as `nobody`, has no home folder; undefined for anything else. */
export function noHomeFolder(
  thrown: unknown,
  environment: NodeJS.ProcessEnv,
  home = homedir(),
): OperatorError | undefined {
  const { syscall, path } = (thrown ?? {}) as NodeJS.ErrnoException;
  if (syscall !== "mkdir" || !REFUSALS.includes(codeOf(thrown))) return undefined;
  const kept = [home, environment.XDG_CACHE_HOME, environment.XDG_STATE_HOME].filter((folder) => folder !== undefined);
  if (!kept.some((folder) => folder !== "" && path?.startsWith(folder))) return undefined;
  return new OperatorError(
    {
      code: "NO_HOME_FOLDER",
      what: `This user may not write to its home folder: ${path} (${codeOf(thrown)}).`,
      next:
        "Set HOME to a folder of this user, or XDG_CACHE_HOME (for the Pulumi CLI) and XDG_STATE_HOME (for local clouds).\n" +
        "A `pulumi` on PATH, with its pulumi-language-nodejs beside it, is used as it is and is not built again.",
    },
    { cause: thrown },
  );
}
