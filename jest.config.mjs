const common = {
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/jest.transform.mjs" },
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/.planet/"],
};

/** `unit` needs nothing but the checkout; `boot` needs root, the toolchain and the image, and boots real servers. */
export default {
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "\\.boot\\.test\\.ts$", "\\.engine\\.test\\.ts$"],
    },
    { ...common, displayName: "boot", testMatch: ["<rootDir>/**/*.engine.test.ts", "<rootDir>/**/*.boot.test.ts"] },
  ],
};
