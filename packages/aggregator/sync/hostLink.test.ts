import { expect, test } from "@jest/globals";
import { hostLink, linkWarning } from "./hostLink.ts";

const host = ["planet.example.org", "www.planet.example.org"];

test.each([
  ["http://planet.example.org/", host, "https://planet.example.org/"],
  ["https://planet.example.org/", host, "https://planet.example.org/"],
  ["http://www.planet.example.org/blogs/", host, "https://planet.example.org/blogs/"],
  ["http://PLANET.example.org/", host, "https://planet.example.org/"],
  ["http://other.example.org/", host, "http://other.example.org/"],
  ["http://planet.example.org:8080/", host, "http://planet.example.org:8080/"],
  ["http://planet.example.org/", [], "http://planet.example.org/"],
  ["", host, ""],
])("%s of the host %j is %s", (link, names, expected) => {
  expect(hostLink(link, names)).toBe(expected);
});

test("a link to another host is a warning", () => {
  expect(linkWarning("http://other.example.org/", host)).toMatch(
    /other\.example\.org.*planet:host is planet\.example\.org/,
  );
  for (const link of ["http://planet.example.org/", ""]) expect(linkWarning(link, host)).toBeUndefined();
  expect(linkWarning("http://other.example.org/", [])).toBeUndefined();
});
