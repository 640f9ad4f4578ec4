// The engine's tests under the Node of a server: see run.mjs.
export default {
  rootDir: "../..",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/tests/oldNode/transform.mjs" },
  testEnvironment: "node",
  testTimeout: 30_000,
  modulePathIgnorePatterns: ["<rootDir>/.planet/"],
  setupFiles: ["<rootDir>/tests/oldNode/setup.mjs"],
  testMatch: ["<rootDir>/packages/{aggregator,content}/**/*.test.ts"],
  // How the bundle is made is this machine's business, and takes a Node that runs TypeScript.
  testPathIgnorePatterns: ["/node_modules/", "\\.(full|engine|boot|browser|clients)\\.", "/aggregator/bundle\\.test"],
};
