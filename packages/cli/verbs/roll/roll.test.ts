import { describe, expect, test } from "@jest/globals";
import { OperatorError } from "../../command.ts";
import { FakeWorld, historyEntry } from "../../deploy/testing/testEdges.ts";
import { planetServed } from "../../page/testing/planetServed.ts";
import { createRollCommand } from "./rollCommand.ts";

const roll = (world: FakeWorld, ...argv: string[]) => createRollCommand(world.edges).run(argv, world.context);
const failing = (then: (world: FakeWorld) => void) => {
  const world = new FakeWorld();
  world.up = (each) => {
    then(each);
    return 1;
  };
  return world;
};

describe("planet roll (proves what is decided and written; not that a server boots)", () => {
  test("asks, raises the generation, deploys with a mark, shows the proof and reminds", async () => {
    const world = new FakeWorld();
    expect(await roll(world)).toBe(0);
    expect(world.asked).toHaveLength(1);
    expect(world.stackFile).toBe("config:\n  planet:bucket: b\n  planet:generation: 5\n");
    expect(world.ran[0]?.args.at(-1)).toBe(`planet roll: generation 5 [planet:commit=${world.head}]`);
    expect(world.out).toMatch(/Old server +i-1 .*\n +New server +i-2/);
    expect(world.err).toContain('git commit -m "roll: generation 5" Pulumi.prod.yaml');
  });

  test("takes a generation that no update has tried yet", async () => {
    const world = new FakeWorld();
    const config = { "planet:generation": { value: "7" } };
    world.history = [historyEntry("c".repeat(40), { result: "failed", config }), historyEntry("c".repeat(40))];
    await roll(world, "--yes");
    expect(world.stackFile).toContain("planet:generation: 8");
    expect(world.asked).toEqual([]);
  });

  test("changes nothing when the answer is no", async () => {
    const world = new FakeWorld();
    world.agrees = false;
    await expect(roll(world)).rejects.toMatchObject({ code: "DECLINED", message: "Nothing was changed.", exitCode: 1 });
    expect(world.ran).toEqual([]);
    expect(world.stackFile).toContain("planet:generation: 4");
  });

  test("stops before it writes when the cloud cannot be asked", async () => {
    const world = new FakeWorld();
    const refusal = new OperatorError({ code: "CLOUD_UNREADABLE", what: "The cloud cannot be asked." });
    const command = createRollCommand({ ...world.edges, cloud: () => Promise.reject(refusal) });
    await expect(command.run(["--yes"], world.context)).rejects.toBe(refusal);
    expect(world.ran).toEqual([]);
    expect(world.stackFile).toContain("planet:generation: 4");
  });

  test("stops before it writes when somebody is working on the stack, or a killed run has left its lock", async () => {
    const world = new FakeWorld();
    const lock = { who: "ann", host: "desk", pid: 7, since: new Date().toISOString() };
    world.locks = [{ ...lock, isAlive: true }];
    await expect(roll(world, "--yes")).rejects.toMatchObject({
      code: "STACK_LOCKED",
      why: expect.stringContaining("ann@desk (pid 7)"),
      next: expect.stringMatching(/^Wait until/),
    });
    world.locks = [{ ...lock, isAlive: false }];
    await expect(roll(world, "--yes")).rejects.toMatchObject({
      code: "STACK_LOCKED",
      next: expect.stringContaining("pulumi cancel"),
    });
    expect(world.ran).toEqual([]);
    expect(world.stackFile).toContain("planet:generation: 4");
  });

  test("changes nothing without a deployed planet", async () => {
    const world = new FakeWorld();
    world.outputs = undefined;
    await expect(roll(world, "--yes")).rejects.toMatchObject({ code: "NOT_DEPLOYED" });
  });

  test.each([
    {
      name: "another file",
      uncommitted: ["site/planet.ini", "Pulumi.prod.yaml"],
      named: "site/planet.ini",
    },
    {
      name: "another setting",
      uncommitted: ["Pulumi.prod.yaml"],
      bucket: "other",
      named: "Pulumi.prod.yaml",
    },
  ])("stops at uncommitted changes: $name", async ({ uncommitted, bucket = "b", named }) => {
    const world = new FakeWorld();
    world.uncommitted = uncommitted;
    world.files.set("/planet/Pulumi.prod.yaml", `config:\n  planet:bucket: ${bucket}\n  planet:generation: 5\n`);
    await expect(roll(world, "--yes")).rejects.toMatchObject({
      code: "UNCOMMITTED_CHANGES",
      what: `This would also deploy changes that are not committed: ${named}.`,
    });
    expect(world.ran).toEqual([]);
    expect(await roll(world, "--yes", "--allow-dirty")).toBe(0);
    expect(world.ran[0]?.args.at(-1)).toBe("planet roll: generation 6");
  });

  test("files that a deploy of this stack does not read do not count as uncommitted changes", async () => {
    const world = new FakeWorld();
    world.uncommitted = ["Pulumi.x.yaml", "docs/notes.md"];
    expect(await roll(world, "--yes")).toBe(0);
    expect(world.ran[0]?.args.at(-1)).toContain(`[planet:commit=${world.head}]`);
  });

  test("an earlier roll's own change does not count as an uncommitted one", async () => {
    const world = new FakeWorld();
    world.uncommitted = ["Pulumi.prod.yaml"];
    world.files.set("/planet/Pulumi.prod.yaml", "config:\n  planet:bucket: b\n  planet:generation: 5\n");
    expect(await roll(world, "--yes")).toBe(0);
  });

  test("stops where it would undo a rollback", async () => {
    const world = new FakeWorld();
    const message = `planet rollback: to update 1, x [planet:commit=${"a".repeat(40)} to=1 from=${world.head}]`;
    const environment = { "pulumi.flag.message": "set" };
    world.history = [historyEntry("", { message, environment }), historyEntry("a".repeat(40))];
    await expect(roll(world, "--yes")).rejects.toMatchObject({ code: "UNDOES_ROLLBACK" });
    world.head = "d".repeat(40);
    expect(await roll(world, "--yes")).toBe(0);
  });

  test("puts the file back when the update failed and the old server has the address", async () => {
    const world = failing(() => {});
    await expect(roll(world, "--yes")).rejects.toMatchObject({
      code: "NEW_SERVER_FAILED",
      message: [
        "`npx pulumi up` failed; its reason is above.",
        "The old server i-1 has kept the address, so Pulumi.prod.yaml is back at generation 4.",
        "`npx planet roll --stack prod` tries again with another new server; `npx pulumi up --stack prod` removes what is left of this try.",
      ].join("\n"),
      exitCode: 1,
    });
    expect(world.stackFile).toBe("config:\n  planet:bucket: b\n  planet:generation: 4\n");
  });

  test.each([
    {
      name: "readers get the new server",
      page: planetServed("bbbbbbbb", 1),
    },
    { name: "the address leads to another server", holder: "i-2" },
    {
      name: "it is not known which server readers get",
      page: { kind: "silent", reason: "timeout" } as const,
      holder: "",
    },
  ])("leaves the file raised when $name", async ({ page, holder = "i-1" }) => {
    const world = failing((each) => {
      if (page) each.page = page;
      each.cloud = { ...each.cloud, address: { state: "ours", holder } };
    });
    await expect(roll(world, "--yes")).rejects.toMatchObject({
      code: "NEW_SERVER_UNFINISHED",
      next: expect.stringContaining("stays at generation 5"),
      exitCode: 3,
    });
    expect(world.stackFile).toContain("planet:generation: 5");
  });

  test("speaks JSON", async () => {
    const world = new FakeWorld();
    await roll(world, "--yes", "--json");
    expect(JSON.parse(world.out)).toMatchObject({ generation: 5, after: { instanceId: "i-2" }, probe: { failed: 0 } });
  });
});
