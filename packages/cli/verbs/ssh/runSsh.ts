import { spawn } from "node:child_process";
import { codeOf } from "@planet/errors";
import { OperatorError } from "../../command.ts";

/** OpenSSH's client, with our own terminal. @returns its exit code. */
export function runSsh(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("ssh", args, { stdio: "inherit" });
    child.on("error", (error) => reject(codeOf(error) === "ENOENT" ? noSsh(error) : error));
    child.on("close", (code) => resolve(code ?? 255));
  });
}

const noSsh = (cause: Error): OperatorError =>
  new OperatorError(
    { code: "SSH_MISSING", what: "There is no `ssh` here.", next: "Install OpenSSH's client." },
    { cause },
  );
