import { expect, test } from "@jest/globals";
import { userAgentOf } from "./userAgent.ts";

const link = "http://p.example/";

test.each([
  ["name and link", { name: "P", link }, undefined, "P/1.0 (+http://p.example/)"],
  ["no link", { name: "P", link: "" }, {}, "P/1.0"],
  ["a header's letters only", { name: " Planète Brest\r\n", link: "" }, {}, "Plan-te-Brest/1.0"],
  ["nothing that a header may have", { name: "星", link: "" }, {}, "planet/1.0"],
  ["at most 60 letters of the name", { name: "p".repeat(61), link: "" }, {}, `${"p".repeat(60)}/1.0`],
  ["the feed's own", { name: "P", link }, { userAgent: "Harbour/2" }, "Harbour/2"],
])("%s", (_, planet, feed, expected) => expect(userAgentOf(planet, feed)).toBe(expected));
