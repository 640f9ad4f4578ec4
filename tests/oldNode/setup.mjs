// Reader threads start from the bundle, as on a server: such a Node runs no TypeScript.
globalThis.__filename = process.env.PLANET_BUNDLE;
