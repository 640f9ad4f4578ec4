const MEGABYTE = 1024 * 1024;

/** Of a machine's memory: nginx, the journal and the system need the rest. */
const SHARE = 0.7;
/** More than a planet of 5,000 feeds needs. */
const MOST_MEGABYTES = 768;
/** Node itself, its code and buffers: what V8's heaps do not count. */
const BASE_MEGABYTES = 120;
/** Of what is left; the reader thread takes two thirds of the same (readerPool.ts). */
const MAIN_HEAP_SHARE = 0.6;

/** What the sync may use. */
interface MemoryLimits {
  /** Of its unit. */
  readonly unitMegabytes: number;
  readonly nodeOptions: readonly string[];
}

/**
 * The limits on a machine with so much memory. Without a limit of its own below the unit's, V8 would let garbage lie until the
 * kernel ends the process. Short-lived objects may take up to 48 MB by V8's own choice; with room for 4 MB a run of 855 feeds
 * needs 60 MB less and as much time.
 */
export function memoryLimits(machineBytes: number): MemoryLimits {
  const unitMegabytes = Math.floor(Math.min(MOST_MEGABYTES, (machineBytes / MEGABYTE) * SHARE));
  const heap = Math.floor((unitMegabytes - BASE_MEGABYTES) * MAIN_HEAP_SHARE);
  return { unitMegabytes, nodeOptions: [`--max-old-space-size=${heap}`, "--max-semi-space-size=4"] };
}
