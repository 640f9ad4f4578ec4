/** The engine's version; the bundle has no package.json beside it. */
export const ENGINE_VERSION = "0.1.0";
