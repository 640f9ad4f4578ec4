import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

// Loaded into every Node of a bench with servers. The provider waits in the seconds of a real cloud, 85 of them until the last
// readers have left a server; the loops of the bench's cloud run that much faster, and so does what only waits for them.

/** Less than the cloud's own factor: what is waited for has happened by then. */
const FACTOR = 20;

if (process.argv[1]?.includes("resource-aws") || process.argv[1]?.includes("eucalyptus-provider")) {
  const real = timers.setTimeout;
  timers.setTimeout = (ms, value, options) => real((ms ?? 0) / FACTOR, value, options);
  syncBuiltinESMExports();
}
