import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Runs `work` while no other process on this machine holds the same lock file.
 * The lock is held by a child that waits for our end of a pipe: whatever kills us frees it.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn("flock", [file, "sh", "-c", "echo held; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    holder.once("error", (cause) =>
      reject(new Error(`cannot lock ${file}: flock (util-linux) did not start`, { cause })),
    );
    holder.once("exit", (code) => reject(new Error(`cannot lock ${file}: flock ended with ${code}`)));
    holder.stdout.once("data", () => resolve());
  });
  try {
    return await work();
  } finally {
    holder.stdin.end();
  }
}
