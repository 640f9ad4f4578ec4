import { describe, expect, test } from "@jest/globals";
import {
  type ProgramRequest,
  programArguments,
  programEnvironment,
  readRuntimeOptions,
  splitWords,
} from "./programArguments.ts";

const request: ProgramRequest = {
  project: "planet",
  stack: "local",
  organization: "organization",
  rootDirectory: "/p",
  programDirectory: "/p/src",
  entryPoint: ".",
  monitorAddress: "127.0.0.1:1",
  engineAddress: "127.0.0.1:2",
  dryRun: true,
  parallel: 8,
  args: ["--own"],
  config: { "planet:bucket": "b", "aws:config": "c" },
  secretKeys: ["planet:bucket"],
  options: { nodeargs: "--inspect-brk" },
};

describe("how a program is started", () => {
  test("everything behind the entry point is the program's own", () => {
    const words = programArguments(request, "/run.js").join(" ");
    expect(words).toBe(
      "--inspect-brk /run.js --monitor 127.0.0.1:1 --engine 127.0.0.1:2 --organization organization --project planet " +
        "--root-directory /p --stack local --pwd /p/src --dry-run --parallel 8 . --own",
    );
  });

  test("configuration keys are rewritten, keys of secrets are not", () => {
    expect(programEnvironment(request)).toEqual({
      PULUMI_CONFIG: '{"planet:config:bucket":"b","aws:config:config":"c"}',
      PULUMI_CONFIG_SECRET_KEYS: '["planet:bucket"]',
      PULUMI_NODEJS_TYPESCRIPT: "true",
    });
    expect(programEnvironment({ ...request, options: { typescript: false } })).not.toHaveProperty(
      "PULUMI_NODEJS_TYPESCRIPT",
    );
  });

  test("an option of the wrong type is named", () => {
    expect(() => readRuntimeOptions({ typescript: "no" })).toThrow(
      expect.objectContaining({ code: "RUNTIME_OPTION", message: expect.stringContaining("options.typescript") }),
    );
  });

  test.each([
    ["", []],
    ["  --a  b ", ["--a", "b"]],
    [`--title="a b" 'c "d"' e\\ f ""`, ["--title=a b", 'c "d"', "e f", ""]],
  ])("words of %s", (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });
});
