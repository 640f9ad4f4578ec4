import { expect, test } from "@jest/globals";
import { FakeEdges } from "../../deploy/testing/testEdges.ts";
import { createOpenCommand } from "./openCommand.ts";

test("planet open prints the address and opens it; without a browser it is no failure", async () => {
  const opened: string[] = [];
  const fake = new FakeEdges();
  const browse = async (url: string) => void opened.push(url);
  expect(await createOpenCommand({ read: fake.edges.read, browse }).run([], fake.context)).toBe(0);
  expect([fake.out, opened]).toEqual(["http://192.0.2.9/\n", ["http://192.0.2.9/"]]);
  const none = () => Promise.reject(new Error("ENOENT"));
  expect(await createOpenCommand({ read: fake.edges.read, browse: none }).run([], fake.context)).toBe(0);
  expect(fake.err).toContain("No browser");
});
