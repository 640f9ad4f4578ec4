import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { placesOf } from "../daemon/places.ts";
import { type CloudStatus, resetCloud, startCloud } from "../index.ts";
import { Browser } from "./testing/browser.ts";
import { Rehearsal, SECRET_USER_DATA } from "./testing/rehearsal.ts";

// `UPDATE_PICTURES=1` writes the pictures of docs/local-cloud.md.
const PICTURES = process.env.UPDATE_PICTURES
  ? fileURLToPath(new URL("../../../docs/pictures/", import.meta.url))
  : undefined;

const PALE_TEXTS = readFileSync(new URL("testdata/paleTexts.js", import.meta.url), "utf8").replace(/^.*export /s, "");

const NAME = "page-test";
const MOVE_MS = 6_000;
const quiet = (): void => {};
const text = (selector: string): string => `(document.querySelector(${JSON.stringify(selector)})?.textContent ?? "")`;
const card = (id: string): string => `[data-instance="${id}"]`;

/** One story, in order. */
describe("the page in a browser (proves what a person sees of a cloud without machines)", () => {
  const before = process.env.XDG_STATE_HOME;
  let state: string;
  let cloud: CloudStatus;
  let browser: Browser;
  let rehearsal: Rehearsal;
  let allocation: string;
  let first: string;
  let second: string;

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), "planet-"));
    process.env.XDG_STATE_HOME = state;
    cloud = await startCloud({
      name: NAME,
      driver: "none",
      owner: "/x",
      moveDelayMs: MOVE_MS,
      clockFactor: 50,
      onProgress: quiet,
    });
    rehearsal = new Rehearsal(cloud);
    await rehearsal.prepare();
    allocation = await rehearsal.allocate();
    first = await rehearsal.launch("planet-3f2a9c10");
    await rehearsal.move(allocation, first);
    browser = await Browser.start();
  }, 60_000);

  afterAll(async () => {
    rehearsal?.close();
    await browser?.close();
    await resetCloud(NAME, quiet);
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(state, { recursive: true });
  }, 60_000);

  test("without the key of the link it shows nothing", async () => {
    await browser.open(`${cloud.endpoint}/`);
    await browser.until(`${text("#notice")}.includes("planet cloud status")`);
    await browser.open(`${cloud.endpoint}/#${"0".repeat(32)}`);
    await browser.until(`${text("#notice")}.includes("planet cloud status")`);
    expect(await browser.evaluate(text("main"))).not.toContain(first);
  }, 60_000);

  test("a replacement is watched from the launch to the moved address", async () => {
    await browser.open(cloud.pageUrl, { width: 1200, height: 880 });
    await browser.prefers("light");
    await browser.until(`${text(card(first))}.includes("running")`);
    const address = `document.querySelector('.route[data-address="${new URL(cloud.endpoint).hostname}0"]')`; // the first one: .10
    await browser.until(`${address}.textContent.includes("planet-3f2a9c10")`);

    await press("slow-boot", { times: "1", seconds: "3" });
    await browser.until(`${text(".active")}.includes("slow-boot")`);
    second = await rehearsal.launch("planet-b84e01d7");
    await browser.until(`${text(card(second))}.includes("pending")`);
    await browser.until(`${text(card(second))}.includes("running")`);
    await browser.until(`!${text(".active")}.includes("slow-boot")`); // it has met its one server

    const asked = Date.now();
    await rehearsal.move(allocation, second);
    await browser.until(`${address}.querySelector("progress")?.value > 0`);
    expect(await browser.evaluate(`${address}.textContent`)).toMatch(
      /planet-3f2a9c10.*moves to planet-b84e01d7 in \d\.\d s/,
    );
    await takePictures();
    await browser.until(`${address}.querySelector(".target").textContent.includes("planet-b84e01d7")`);
    expect(Date.now() - asked).toBeGreaterThan(MOVE_MS - 500);
    expect(await browser.evaluate(`${address}.querySelector("progress")`)).toBeNull();
    expect(await browser.evaluate(text("#news"))).toContain(`now leads to ${second}`);

    await rehearsal.end(first);
    await browser.until(`${text("#machines details")}.includes("${first}")`);
    expect(await browser.evaluate(text(card(first)))).toContain("USER_TERMINATED");
  }, 90_000);

  test("a console is followed", async () => {
    const file = join(placesOf(NAME).consoleDirectory, `${second}.log`);
    writeFileSync(file, "\u001b[1mplanet: step=os\u001b[0m\n<script>alert(1)</script>\n");
    await browser.evaluate(`document.querySelector('${card(second)} button').click()`);
    await browser.until(`${text("dialog pre")}.includes("planet: step=os\\n<script>alert(1)</script>")`);
    appendFileSync(file, "planet: READY release=b84e01d7\n");
    await browser.until(`${text("dialog pre")}.includes("READY")`);
    await browser.evaluate(`document.querySelector("dialog button").click()`);
    await browser.until(`!document.querySelector("dialog").open`);
  }, 60_000);

  test("requests come as they are made, and are filtered", async () => {
    await fetch(`${cloud.s3Url}planet/drafts/about.md`);
    await browser.until(`${text("#requests tbody tr:first-child")}.includes("AccessDenied")`);
    const all = await browser.evaluate<string>(text("#requests tbody"));
    expect(all).toMatch(/RunInstances.*UserData=\(\d+ characters\)/s);
    await browser.evaluate(`document.querySelector("#problems").click()`);
    await browser.until(`!${text("#requests tbody")}.includes("RunInstances")`);
    await browser.evaluate(`document.querySelector("#problems").click()`);
  }, 60_000);

  test("objects show who may read them", async () => {
    await browser.evaluate(`document.querySelector("#buckets details").open = true`);
    await browser.until(`${text("#buckets table")}.includes("planet.ini")`);
    const rows = await browser.evaluate<string[]>(
      `[...document.querySelectorAll("#buckets details:first-of-type tbody tr")].map((row) => row.innerText.replaceAll(/\\s+/g, " "))`,
    );
    expect(rows).toContainEqual(expect.stringMatching(/planet\.ini .*public-read 200/));
    expect(rows).toContainEqual(expect.stringMatching(/drafts\/about\.md .*private 403/));
  }, 60_000);

  test("a fault is set by a button, seen by a client, and cleared", async () => {
    await press("throttling", {});
    await browser.until(`${text(".active")}.includes("throttling")`);
    expect((await fetch(`${cloud.s3Url}planet/planet.ini`)).status).toBe(503);
    await browser.until(`${text("#requests tbody tr:first-child")}.includes("throttling")`);
    await press("throttling", {});
    await browser.until(`${text(".active")} === ""`);
    expect((await fetch(`${cloud.s3Url}planet/planet.ini`)).status).toBe(200);
  }, 60_000);

  test("load balancers are shown from the first one on, with who is in service", async () => {
    expect(await browser.evaluate(`document.querySelector("#balancers").hidden`)).toBe(true);
    await rehearsal.balance(second);
    await browser.until(`${text("#balancers")}.includes("1 of 1 in service")`);
    expect(await browser.evaluate(text("#balancers"))).toMatch(
      /planet-000000000042\.lb\.cloud\.internal.*planet-b84e01d7.*InService/,
    );
  }, 60_000);

  test("nothing secret is in the document", async () => {
    const document = await browser.evaluate<string>("document.documentElement.outerHTML");
    const userData = Buffer.from(SECRET_USER_DATA).toString("base64");
    const secrets = [cloud.secretAccessKey, cloud.accessKeyId, userData, "correct-horse", "PRIVATE KEY"];
    expect(secrets.filter((secret) => document.includes(secret))).toEqual([]);
  });

  test.each([360, 700, 1_200])("at %d px nothing stands over the edge", async (width) => {
    await browser.resize(width, 800);
    expect(await browser.evaluate(`document.documentElement.scrollWidth - ${width}`)).toBeLessThanOrEqual(0);
  });

  test.each(["light", "dark"] as const)("every text stands out enough in %s colours", async (scheme) => {
    await browser.prefers(scheme);
    expect(await browser.evaluate<string[]>(`(${PALE_TEXTS})()`)).toEqual([]);
  });

  test("every control has a name", async () => {
    const nameless = `[...document.querySelectorAll("button, input, select, a, dialog, section")].filter((one) =>
      ![one.ariaLabel, one.textContent.trim(), one.labels?.length, one.getAttribute("aria-labelledby")].some(Boolean))`;
    expect(await browser.evaluate(`${nameless}.map((one) => one.outerHTML)`)).toEqual([]);
  });

  test("a cloud that was away for a moment is shown again", async () => {
    process.kill(cloud.pid ?? 0, "SIGKILL");
    await browser.until(`${text("#connection")}.includes("trying again")`);
    await startCloud({ name: NAME, driver: "none", owner: "/x", onProgress: quiet });
    await browser.until(`${text("#connection")} === "live"`);
    expect(browser.said.filter((said) => !/ERR_|NO_TOKEN|status of (403|503)/.test(said))).toEqual([]);
  }, 60_000);

  async function press(fault: string, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const name of ["action", "times", "seconds"]) {
      await browser.evaluate(`document.querySelector("#fault-${name}").value = ${JSON.stringify(fields[name] ?? "")}`);
    }
    await browser.evaluate(
      `[...document.querySelectorAll(".buttons button")].find((one) => one.textContent === "${fault}").click()`,
    );
  }

  async function takePictures(): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await browser.evaluate(`document.querySelectorAll("#faults input").forEach((field) => { field.value = ""; })`);
    await browser.until(`document.querySelector("progress").value > 2_500`);
    for (const scheme of ["light", "dark"] as const) {
      await browser.prefers(scheme);
      writeFileSync(join(PICTURES, `local-cloud-${scheme}.png`), await browser.screenshot());
    }
    await browser.prefers("light");
  }
});
