import { describe, expect, test } from "@jest/globals";
import type { Route } from "../machine/driver.ts";
import { openPorts } from "./ports.ts";
import { afterMoves, EMPTY_TABLE, movedAddresses, withRoutes } from "./routeTable.ts";
import { isAllowed } from "./sources.ts";

const to = (instanceId: string, port = 80): Route => ({
  publicAddress: "127.66.0.10",
  instanceId,
  privateAddress: `10.66.0.${instanceId.length}`,
  ports: [{ from: port, to: port, cidrs: ["0.0.0.0/0"] }],
});
const leadsTo = (table: { effective: ReadonlyMap<string, Route> }): string | undefined =>
  table.effective.get("127.66.0.10")?.instanceId;

describe("routes over time", () => {
  const first = withRoutes(EMPTY_TABLE, [to("i-a")], 0, 3000);

  test("a new address takes effect at once", () => expect(leadsTo(first)).toBe("i-a"));

  test("a move takes effect after the delay, not before", () => {
    const moving = withRoutes(first, [to("i-b")], 1000, 3000);
    expect(leadsTo(moving)).toBe("i-a");
    expect(leadsTo(afterMoves(moving, 3999))).toBe("i-a");
    expect(leadsTo(afterMoves(moving, 4000))).toBe("i-b");
    expect(movedAddresses(moving, afterMoves(moving, 4000))).toEqual(["127.66.0.10"]);
  });

  test("asking again does not restart the delay, but renews the ports", () => {
    const moving = withRoutes(first, [to("i-b")], 1000, 3000);
    const again = afterMoves(withRoutes(moving, [to("i-b", 443)], 3500, 3000), 4000);
    expect(leadsTo(again)).toBe("i-b");
    expect(again.effective.get("127.66.0.10")?.ports[0]?.from).toBe(443);
  });

  test("a move taken back never happens; a move to a third instance starts anew", () => {
    const moving = withRoutes(first, [to("i-b")], 1000, 3000);
    expect(leadsTo(afterMoves(withRoutes(moving, [to("i-a")], 2000, 3000), 9000))).toBe("i-a");
    expect(leadsTo(afterMoves(withRoutes(moving, [to("i-c")], 2000, 3000), 4500))).toBe("i-a");
  });

  test("a vanished address is gone at once, with its move", () => {
    const moving = withRoutes(first, [to("i-b")], 1000, 3000);
    const gone = withRoutes(moving, [], 1500, 3000);
    expect(leadsTo(gone)).toBeUndefined();
    expect(leadsTo(afterMoves(gone, 9000))).toBeUndefined();
  });
});

describe("ports and sources", () => {
  test("ranges are joined, with the sources of all", () => {
    expect(
      openPorts([
        { from: 80, to: 81, cidrs: ["10.0.0.0/8"] },
        { from: 81, to: 81, cidrs: ["0.0.0.0/0"] },
      ]),
    ).toEqual([
      { port: 80, cidrs: ["10.0.0.0/8"] },
      { port: 81, cidrs: ["0.0.0.0/0", "10.0.0.0/8"] },
    ]);
  });

  test("of all ports only the well-known are opened", () => {
    expect(openPorts([{ from: 0, to: 65_535, cidrs: ["0.0.0.0/0"] }]).map(({ port }) => port)).toEqual([
      22, 80, 443, 3000, 8000, 8080, 8443,
    ]);
  });

  test.each([
    ["127.0.0.1", ["0.0.0.0/0"], true],
    ["::ffff:127.0.0.1", ["127.0.0.0/8"], true],
    ["127.0.0.1", ["203.0.113.7/32"], false],
    ["127.0.0.1", ["::/0"], false],
    ["127.0.0.1", [], false],
  ])("%s in %j: %s", (source, cidrs, allowed) => expect(isAllowed(source, cidrs)).toBe(allowed));
});
