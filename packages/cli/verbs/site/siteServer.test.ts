import { afterEach, expect, test } from "@jest/globals";
import { type SiteServer, startSiteServer } from "./siteServer.ts";
import { get } from "./testing/testSite.ts";

let server: SiteServer | undefined;
afterEach(() => server?.close());

const website = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));

test("before there is a site, it asks for patience, and the page comes by itself", async () => {
  server = await startSiteServer([0]);
  const page = await get(server.url);
  expect(page).toMatchObject({ status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
  expect(page.body).toContain("<script data-version=");
});

test("a folder is its index.html, as nginx has it", async () => {
  server = await startSiteServer([0]);
  server.show(website({ "archive/index.html": "the archive" }));
  expect((await get(server.url, "/archive/")).body).toContain("the archive");
  expect(await get(server.url, "/archive")).toMatchObject({ status: 301, headers: { location: "/archive/" } });
  expect(await get(server.url, "/")).toMatchObject({ status: 404 });
});

test("equal bytes are nothing new, unless a notice stood in their place", async () => {
  server = await startSiteServer([0]);
  expect(server.show(website({ a: "1" }))).toBe(true);
  expect(server.show(website({ a: "1" }))).toBe(false);
  expect(server.show(website({ b: "1" }))).toBe(true);
  server.showNotice("broken", []);
  expect(server.show(website({ b: "1" }))).toBe(true);
});
