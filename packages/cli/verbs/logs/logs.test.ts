import { expect, test } from "@jest/globals";
import { FakeEdges } from "../../deploy/testing/testEdges.ts";
import { createLogsCommand } from "./logsCommand.ts";
import { newPart } from "./newPart.ts";

/** @param consoles What the cloud answers, one after the other; after the last one nobody reads any more. */
async function logs(consoles: readonly string[], argv: readonly string[], inService = "i-1") {
  const fake = new FakeEdges();
  const asked: string[] = [];
  const command = createLogsCommand({
    read: fake.edges.read,
    server: async () => ({
      ...{ instanceId: inService, address: "192.0.2.9", imageName: "" },
      readConsole: async (instanceId) => consoles[asked.push(instanceId) - 1] ?? "",
    }),
    sleep: async () => {},
    isRead: () => asked.length < consoles.length,
  });
  const code = await command.run(argv, fake.context);
  return { code, asked, out: fake.out, err: fake.err };
}

test("planet logs shows the console of the server in service, and nothing in it commands the terminal", async () => {
  const { code, asked, out, err } = await logs(["boot\u001b[2J ok"], []);
  expect({ code, asked, out, err }).toEqual({ code: 0, asked: ["i-1"], out: "boot ok\n", err: "" });
});

test("after an update that failed, the server of that update is named, and can be asked for", async () => {
  expect((await logs(["x\n"], [], "i-0")).err).toContain("of i-1, which the last update made: npx planet logs i-1");
  expect(await logs(["x\n"], ["i-7"])).toMatchObject({ asked: ["i-7"], err: "" });
});

test("the moving stars of a boot that waits are no log", async () => {
  const stars = [
    "[  *** ] Job planet-sync.service/start running (15s / 15min)",
    "[*     ] (1 of 2) A start job is running for Planet (5s / no limit)",
  ];
  const { out } = await logs([["[  OK  ] Started a.", ...stars, "planet: step=sync ok", ""].join("\n")], []);
  expect(out).toBe("[  OK  ] Started a.\nplanet: step=sync ok\n");
});

test("-f goes on with what comes, until nobody reads any more", async () => {
  const { out, asked } = await logs(["a\n", "a\nb\n", "a\nb\n", "b\nc\n"], ["-f"]);
  expect(out).toBe("a\nb\nb\nc\n");
  expect(asked).toHaveLength(4);
});

test.each([
  ["", "a", "a"],
  ["a", "a", ""],
  ["a\n", "a\nb\n", "b\n"],
  [`${"x".repeat(3_000)}\nend\n`, `${"x".repeat(2_500)}\nend\nmore\n`, "more\n"],
  ["another boot", "from the start", "from the start"],
])("what is new after %.20j in %.20j", (before, now, more) => expect(newPart(before, now)).toBe(more));
