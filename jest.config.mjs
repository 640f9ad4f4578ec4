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

/** A test's file name says what it needs: nothing; the genuine Pulumi CLI; root and an image, to boot servers; patience. */
export default {
  projects: [
    project("unit", ["<rootDir>/**/*.test.ts"], ["\\.(engine|boot|full)\\.test\\.ts$"]),
    project("engine", ["<rootDir>/**/*.engine.test.ts"]),
    project("boot", ["<rootDir>/**/*.boot.test.ts"]),
    project("full", ["<rootDir>/**/*.full.test.ts"]),
  ],
};
