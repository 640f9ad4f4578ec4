/** An element with text or elements in it; text never becomes markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** Name and values of a description list; a pair without a value is left out. */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== "" && value !== undefined);
  return element(
    "dl",
    { class: "facts" },
    ...shown.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
  );
}

/** A place that scrolls can be reached by the keyboard, and has a name then. */
export function scrolls(place, label) {
  for (const [name, value] of [
    ["tabindex", "0"],
    ["role", "region"],
    ["aria-label", label],
  ])
    place.setAttribute(name, value);
  return place;
}

export const chip = (text, kind = "") => element("span", { class: `chip ${kind}` }, text);
export const mono = (text) => element("span", { class: "mono" }, text);
export const empty = (text) => element("p", { class: "empty" }, text);

/** Puts a section's content in place, unless it is the same as before: what has the focus then keeps it. */
const shownBefore = new Map();
export function show(section, data, count, build) {
  const text = JSON.stringify(data);
  if (shownBefore.get(section) === text) return;
  shownBefore.set(section, text);
  const place = document.querySelector(`#${section}`);
  place.querySelector(".count").textContent = count === 0 ? "" : String(count);
  place.querySelector(".body").replaceChildren(...build());
}

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];
export function size(bytes) {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}

/** `10:00:00.123` of the reader's own day. */
export function clock(time, withMs = false) {
  const date = new Date(time);
  const text = date.toLocaleTimeString("en-GB");
  return withMs ? `${text}.${String(date.getMilliseconds()).padStart(3, "0")}` : text;
}
