import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "@planet/errors";
import { read } from "../harness/testCloud.ts";

const EVERY_MS = 100;
/** A balancer's worker has asked its servers by then. */
const READY_MS = 20_000;

/** Asks at an address all the time while something is done; without an address nobody asks. @returns how requests failed. */
export async function whileReading<T>(
  address: string | undefined,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly failures: readonly string[] }> {
  if (address === undefined) return { result: await work(), failures: [] };
  const failures: string[] = [];
  const pending = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const request: Promise<void> = releaseAt(address)
      .then(
        () => {},
        (error: unknown) => void failures.push(messageOf(error)),
      )
      .finally(() => pending.delete(request));
    pending.add(request);
  }, EVERY_MS);
  try {
    const result = await work();
    return { result, failures };
  } finally {
    clearInterval(timer);
    await Promise.all(pending);
  }
}

/** Until there is an address that answers. @throws {Error} when that never comes. */
export async function untilAnswered(addressOf: () => string | undefined): Promise<void> {
  for (const end = performance.now() + READY_MS; ; await pause(EVERY_MS)) {
    try {
      const address = addressOf();
      if (address === undefined) throw new Error("there is no address yet");
      await releaseAt(address);
      return;
    } catch (error) {
      if (performance.now() >= end) throw error;
    }
  }
}

/** @throws {Error} when nobody answers, or without a release. */
export async function releaseAt(address: string): Promise<string> {
  const { release } = JSON.parse((await read(`http://${address}/status.json`)) || "{}") as { release?: string };
  if (release === undefined) throw new Error(`${address} answers without a release`);
  return release;
}
