const common = {
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/jest.transform.mjs" },
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/.planet/"],
};

const project = (displayName, testMatch, testPathIgnorePatterns = []) => ({
  ...common,
  displayName,
  testMatch,
  testPathIgnorePatterns: ["/node_modules/", ...testPathIgnorePatterns],
});

const FULL = "\\.full\\.";

/**
 * A test's file name says what it needs: nothing; the real Pulumi CLI (`engine`); root and an image, to boot servers
 * (`boot`); Chromium (`browser`); other people's clients from the package registries (`clients`). `full` before that means that the test takes too long to run for each change.
 */
export default {
  testTimeout: 20_000, // a busy machine is not a failure
  projects: [
    project("unit", ["<rootDir>/**/*.test.ts"], ["\\.(engine|boot|browser|clients)\\.test\\.ts$", FULL]),
    project("engine", ["<rootDir>/**/*.engine.test.ts"], [FULL]),
    project("boot", ["<rootDir>/**/*.boot.test.ts"], [FULL]),
    project("full-unit", ["<rootDir>/**/*.full.test.ts"]),
    project("full-clients", ["<rootDir>/**/*.full.clients.test.ts"]),
    project("full-engine", ["<rootDir>/**/*.full.engine.test.ts"]),
    project("full-browser", ["<rootDir>/**/*.full.browser.test.ts"]),
    project("full-boot", ["<rootDir>/**/*.full.boot.test.ts"]),
  ],
};
