import { chip, element, empty, mono, scrolls, show, size } from "./dom.js";
import { ask } from "./stream.js";

/** Buckets whose objects are shown. */
const opened = new Set();

/** Buckets with their rules; the objects of one are asked for when it is opened, and again when it has changed. */
export function showBuckets(buckets, { s3Url }, token) {
  show("buckets", buckets, buckets.length, () =>
    buckets.length === 0 ? [empty("There is no bucket.")] : buckets.map((bucket) => details(bucket, s3Url, token)),
  );
}

function details(bucket, s3Url, token) {
  const { name, objects, bytes, acl, anonymous, versioning } = bucket;
  const place = scrolls(element("div", { class: "scroll" }), `Objects of ${name}`);
  const made = element(
    "details",
    { open: opened.has(name), ontoggle: () => (made.open ? open() : opened.delete(name)) },
    element(
      "summary",
      {},
      element("strong", {}, name),
      ` ${objects} ${objects === 1 ? "object" : "objects"}, ${size(bytes)} `,
      chip(acl, acl.startsWith("public") ? "warn" : ""),
      " ",
      reader(anonymous, "anybody lists it", "nobody else lists it"),
      versioning !== "" && ` versions ${versioning.toLowerCase()}`,
    ),
    place,
  );
  async function open() {
    opened.add(name);
    try {
      const found = await ask(`/page/objects/${encodeURIComponent(name)}`, token);
      place.replaceChildren(table(found, s3Url));
    } catch (error) {
      place.replaceChildren(empty(error.message));
    }
  }
  return made;
}

function table({ bucket, objects, left }, s3Url) {
  if (objects.length === 0) return empty("It is empty.");
  const head = ["Object", "Size", "Rule", "Anybody"].map((text) => element("th", {}, text));
  const rows = objects.map(({ key, size: bytes, modified, type, acl, anonymous }) =>
    element(
      "tr",
      {},
      element(
        "td",
        { class: "key", title: type },
        anonymous === 200 ? link(`${s3Url}${bucket}/${key}`, key) : mono(key),
      ),
      element("td", { class: "nowrap size", title: `written ${modified}` }, size(bytes)),
      element("td", {}, chip(acl, acl.startsWith("public") ? "warn" : "")),
      element("td", {}, reader(anonymous, "200", "403")),
    ),
  );
  const more = element("tr", {}, element("td", { colspan: "4" }, `and ${left} more`));
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows, ...(left > 0 ? [more] : [])),
  );
}

/** What somebody without a signature gets. */
const reader = (status, yes, no) => (status === 200 ? chip(yes, "good") : chip(no));

function link(url, key) {
  const address = url
    .split("/")
    .map((part, index) => (index < 3 ? part : encodeURIComponent(part)))
    .join("/");
  return element("a", { class: "mono", href: address, target: "_blank", rel: "noopener noreferrer" }, key);
}
