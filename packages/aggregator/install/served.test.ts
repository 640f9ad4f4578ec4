import { expect, test } from "@jest/globals";
import { servedHeaders } from "./served.ts";

test.each([
  ["index.html", "text/html; charset=utf-8"],
  ["planet.css", "text/css; charset=utf-8"],
  ["atom.xml", "application/atom+xml; charset=utf-8"],
  ["rss20.xml", "application/rss+xml; charset=utf-8"],
  ["rss10.xml", "application/rdf+xml; charset=utf-8"],
  ["foafroll.xml", "application/rdf+xml; charset=utf-8"],
  ["opml.xml", "application/xml; charset=utf-8"],
  ["other.xml", "text/xml; charset=utf-8"],
  ["robots.txt", "text/plain; charset=utf-8"],
  ["metrics", "text/plain; version=0.0.4; charset=utf-8"],
  ["status.json", "application/json; charset=utf-8"],
  ["feed/jane-example-1a2b3c4d.xml", "application/atom+xml; charset=utf-8"],
  ["images/atom.xml", "text/xml; charset=utf-8"],
  ["favicon.ico", "image/x-icon"],
  ["images/face.jpg", "image/jpeg"],
  ["images/face.png", "image/png"],
  ["list", "application/octet-stream"],
])("%s is %s, as nginx says it", (name, type) => {
  expect(servedHeaders(name)).toMatchObject({ "Content-Type": type, "X-Content-Type-Options": "nosniff" });
});
