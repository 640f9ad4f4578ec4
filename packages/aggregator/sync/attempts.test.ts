import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { attempted } from "./attempts.ts";
import { readState } from "./state.ts";
import { World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => world.stop());

const files = new Map([["index.html.liquid", Buffer.from("x")]]);
const never = () => new Promise<never>(() => {});

/** A run as the next process sees it: with what is on the disk, whatever became of the one before. */
async function run(trial: () => Promise<undefined>, content = files) {
  const { settings } = world;
  const state = await readState(settings.places.state);
  const tried = attempted(content, { state, settings }, trial);
  return Promise.race([tried, new Promise((resolve) => setTimeout(resolve, 300, "ended"))]);
}

test("content that has ended two runs is refused in the third, other content is not", async () => {
  expect(await run(never)).toBe("ended");
  expect(await run(never)).toBe("ended");
  expect(await run(async () => undefined)).toMatchObject({ code: "trial-ended" });
  expect(await run(async () => undefined, new Map([["index.html.liquid", Buffer.from("y")]]))).toBeUndefined();
});

test("a trial that comes back is forgotten", async () => {
  for (let times = 0; times < 4; times += 1) expect(await run(async () => undefined)).toBeUndefined();
  expect(await run(never)).toBe("ended");
  expect(await run(async () => undefined)).toBeUndefined();
});
