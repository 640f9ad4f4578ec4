import { describe, expect, test } from "@jest/globals";
import { OperatorError } from "../../command.ts";
import { FakeEdges, historyEntry } from "../../deploy/testing/testEdges.ts";
import { planetServed } from "../../page/testing/planetServed.ts";
import { createRollCommand } from "./rollCommand.ts";

const roll = (fake: FakeEdges, ...argv: string[]) => createRollCommand(fake.edges).run(argv, fake.context);
const failing = (then: (fake: FakeEdges) => void) => {
  const fake = new FakeEdges();
  fake.up = (each) => {
    then(each);
    return 1;
  };
  return fake;
};

describe("planet roll (proves what is decided and written; not that a server boots)", () => {
  test("asks, raises the generation, deploys with a mark, shows the proof and reminds", async () => {
    const fake = new FakeEdges();
    expect(await roll(fake)).toBe(0);
    expect(fake.asked).toHaveLength(1);
    expect(fake.stackFile).toBe("config:\n  planet:bucket: b\n  planet:generation: 5\n");
    expect(fake.ran[0]?.args.at(-1)).toBe(`planet roll: generation 5 [planet:commit=${fake.head}]`);
    expect(fake.out).toMatch(/Old server +i-1 .*\n +New server +i-2/);
    expect(fake.err).toContain('git commit -m "roll: generation 5" Pulumi.prod.yaml');
  });

  test("says which feeds do not answer, and in the end what the new server does not have yet", async () => {
    const fake = new FakeEdges();
    fake.page = planetServed("aaaaaaaa", 3, 300, { feeds: [{ url: "u", name: "Anna", entries: 2, state: "failing" }] });
    const up = fake.up;
    fake.up = (each) => {
      each.page = planetServed("bbbbbbbb", 3, 300, {
        feeds: [{ url: "u", name: "Anna", entries: 0, state: "failing" }],
      });
      return up(each);
    };
    await roll(fake, "--yes");
    expect(fake.err).toContain("1 feed does not answer now: Anna (2 entries).");
    expect(fake.out).toMatch(/Entries +2 of 2 that the old server had are not there yet:\n +Anna: 0 of 2/);
  });

  test("takes a generation that no update has tried yet", async () => {
    const fake = new FakeEdges();
    const config = { "planet:generation": { value: "7" } };
    fake.history = [historyEntry("c".repeat(40), { result: "failed", config }), historyEntry("c".repeat(40))];
    await roll(fake, "--yes");
    expect(fake.stackFile).toContain("planet:generation: 8");
    expect(fake.asked).toEqual([]);
  });

  test("changes nothing when the answer is no", async () => {
    const fake = new FakeEdges();
    fake.agrees = false;
    await expect(roll(fake)).rejects.toMatchObject({ code: "DECLINED", message: "Nothing was changed.", exitCode: 1 });
    expect(fake.ran).toEqual([]);
    expect(fake.stackFile).toContain("planet:generation: 4");
  });

  test("stops before it writes when the cloud cannot be asked", async () => {
    const fake = new FakeEdges();
    const refusal = new OperatorError({ code: "CLOUD_UNREADABLE", what: "The cloud cannot be asked." });
    const command = createRollCommand({ ...fake.edges, cloud: () => Promise.reject(refusal) });
    await expect(command.run(["--yes"], fake.context)).rejects.toBe(refusal);
    expect(fake.ran).toEqual([]);
    expect(fake.stackFile).toContain("planet:generation: 4");
  });

  test("stops before it writes when somebody is working on the stack, or a killed run has left its lock", async () => {
    const fake = new FakeEdges();
    const lock = { who: "ann", host: "desk", pid: 7, since: new Date().toISOString() };
    fake.locks = [{ ...lock, isAlive: true }];
    await expect(roll(fake, "--yes")).rejects.toMatchObject({
      code: "STACK_LOCKED",
      why: expect.stringContaining("ann@desk (pid 7)"),
      next: expect.stringMatching(/^Wait until/),
    });
    fake.locks = [{ ...lock, isAlive: false }];
    await expect(roll(fake, "--yes")).rejects.toMatchObject({
      code: "STACK_LOCKED",
      next: expect.stringContaining("pulumi cancel"),
    });
    expect(fake.ran).toEqual([]);
    expect(fake.stackFile).toContain("planet:generation: 4");
  });

  test("changes nothing without a deployed planet", async () => {
    const fake = new FakeEdges();
    fake.outputs = undefined;
    await expect(roll(fake, "--yes")).rejects.toMatchObject({ code: "NOT_DEPLOYED" });
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
    const fake = new FakeEdges();
    fake.uncommitted = uncommitted;
    fake.files.set("/planet/Pulumi.prod.yaml", `config:\n  planet:bucket: ${bucket}\n  planet:generation: 5\n`);
    await expect(roll(fake, "--yes")).rejects.toMatchObject({
      code: "UNCOMMITTED_CHANGES",
      what: `This would also deploy changes that are not committed: ${named}.`,
    });
    expect(fake.ran).toEqual([]);
    expect(await roll(fake, "--yes", "--allow-dirty")).toBe(0);
    expect(fake.ran[0]?.args.at(-1)).toBe("planet roll: generation 6");
  });

  test("files that a deploy of this stack does not read do not count as uncommitted changes", async () => {
    const fake = new FakeEdges();
    fake.uncommitted = ["Pulumi.x.yaml", "docs/notes.md"];
    expect(await roll(fake, "--yes")).toBe(0);
    expect(fake.ran[0]?.args.at(-1)).toContain(`[planet:commit=${fake.head}]`);
  });

  test("an earlier roll's own change does not count as an uncommitted one", async () => {
    const fake = new FakeEdges();
    fake.uncommitted = ["Pulumi.prod.yaml"];
    fake.files.set("/planet/Pulumi.prod.yaml", "config:\n  planet:bucket: b\n  planet:generation: 5\n");
    expect(await roll(fake, "--yes")).toBe(0);
  });

  test("stops where it would undo a rollback", async () => {
    const fake = new FakeEdges();
    const message = `planet rollback: to update 1, x [planet:commit=${"a".repeat(40)} to=1 from=${fake.head}]`;
    const environment = { "pulumi.flag.message": "set" };
    fake.history = [historyEntry("", { message, environment }), historyEntry("a".repeat(40))];
    await expect(roll(fake, "--yes")).rejects.toMatchObject({ code: "UNDOES_ROLLBACK" });
    fake.head = "d".repeat(40);
    expect(await roll(fake, "--yes")).toBe(0);
  });

  test("puts the file back when the update failed and the old server has the address", async () => {
    const fake = failing(() => {});
    await expect(roll(fake, "--yes")).rejects.toMatchObject({
      code: "NEW_SERVER_FAILED",
      message: [
        "`npx pulumi up` failed; its reason is above.",
        "The old server i-1 has kept the address, so Pulumi.prod.yaml is back at generation 4.",
        "`npx planet roll --stack prod` tries again with another new server; `npx pulumi up --stack prod` removes what is left of this try.",
      ].join("\n"),
      exitCode: 1,
    });
    expect(fake.stackFile).toBe("config:\n  planet:bucket: b\n  planet:generation: 4\n");
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
    const fake = failing((each) => {
      if (page) each.page = page;
      each.cloud = { ...each.cloud, address: { state: "ours", holder } };
    });
    await expect(roll(fake, "--yes")).rejects.toMatchObject({
      code: "NEW_SERVER_UNFINISHED",
      next: expect.stringContaining("stays at generation 5"),
      exitCode: 3,
    });
    expect(fake.stackFile).toContain("planet:generation: 5");
  });

  test("speaks JSON", async () => {
    const fake = new FakeEdges();
    await roll(fake, "--yes", "--json");
    expect(JSON.parse(fake.out)).toMatchObject({ generation: 5, after: { instanceId: "i-2" }, probe: { failed: 0 } });
  });
});
