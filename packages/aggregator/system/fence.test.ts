import { expect, test } from "@jest/globals";
import { type FenceTools, fence } from "./fence.ts";
import type { Ran } from "./run.ts";

// Proves the decisions and their words; that systemd and nftables keep the sync's user away is proven by booting.

const answer = (code: number, stdout = ""): Ran => ({ code, stdout, output: stdout });

/** A server where each program answers as given, by its name; others succeed without a word. */
function server(answers: Readonly<Record<string, Ran | readonly Ran[]>>, instanceId = "i-0a1b2c3d") {
  const [lines, ran, written]: [string[], string[], string[]] = [[], [], []];
  const left = new Map(Object.entries(answers).map(([program, given]) => [program, [given].flat()]));
  const tools: FenceTools = {
    run: async (program, args) => {
      ran.push([program, ...args].join(" "));
      const queue = left.get(program) ?? [];
      return (queue.length > 1 ? queue.shift() : queue[0]) ?? answer(0);
    },
    instanceId: async () => instanceId,
    write: async (path) => written.push(path),
    pause: async () => undefined,
    say: (line) => lines.push(line),
  };
  return { tools, lines, ran, written };
}
const USING_NFTABLES = "degraded: IPAddressDeny has no effect on this server, using nftables";

test("without a metadata service nothing is to be kept away from", async () => {
  const { tools, lines, ran } = server({}, "");
  expect(await fence(tools)).toBe(true);
  expect([lines, ran]).toEqual([["ok no metadata service"], []]);
});

test("where systemd keeps the user away, nothing is installed", async () => {
  const { tools, lines, ran, written } = server({ "systemd-run": answer(0, "denied\n") });
  expect(await fence(tools)).toBe(true);
  expect([lines, written, ran.length]).toEqual([["ok"], [], 1]);
});

test.each<[string, Ran]>([
  ["reaches it in spite of IPAddressDeny", answer(0, "")],
  ["cannot be run in a unit", answer(1, "Failed to connect to bus\n")],
])("where the user %s, nftables does it", async (_, ran) => {
  const { tools, lines, written } = server({ "systemd-run": ran, runuser: answer(0, "denied\n") });
  expect(await fence(tools)).toBe(true);
  expect(lines).toEqual([USING_NFTABLES, "ok by nftables"]);
  expect(written).toEqual(["/etc/systemd/system/planet-fence.service"]);
});

test("nftables is installed where it is absent, in a second try if need be", async () => {
  const { tools, ran } = server({ nft: answer(1), "apt-get": [answer(100), answer(0)], runuser: answer(0, "denied") });
  expect(await fence(tools)).toBe(true);
  expect(ran.filter((line) => line.startsWith("apt-get") && line.endsWith(" install nftables"))).toHaveLength(2);
});

test.each<[string, Readonly<Record<string, Ran>>]>([
  ["nftables cannot be installed", { nft: answer(1), "apt-get": answer(100) }],
  ["its rules cannot be loaded", { systemctl: answer(1), runuser: answer(0, "denied") }],
  ["its rules have no effect", { runuser: answer(0, "") }],
])("there is no fence where %s", async (_, answers) => {
  const { tools, lines } = server(answers);
  expect(await fence(tools)).toBe(false);
  expect(lines).toEqual([USING_NFTABLES]);
});
