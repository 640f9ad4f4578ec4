import { chip, element, empty, show } from "./dom.js";

/** Security groups with their rules. */
export function showGroups(groups) {
  show("groups", groups, groups.length, () =>
    groups.length === 0 ? [empty("There is no group.")] : [element("div", { class: "cards" }, ...groups.map(card))],
  );
}

function card({ id, name, description, machines, rules }) {
  return element(
    "article",
    { class: "card" },
    element(
      "div",
      { class: "top" },
      element("h3", { title: id }, name),
      chip(machines === 1 ? "1 machine" : `${machines} machines`, machines > 0 ? "accent" : ""),
    ),
    description !== "" && element("p", { class: "empty" }, description),
    rules.length === 0
      ? empty("opens nothing")
      : element("ul", { class: "chips" }, ...rules.map((rule) => element("li", {}, chip(ruleText(rule))))),
  );
}

const ruleText = ({ direction, ports, peers }) =>
  `${direction === "in" ? "←" : "→"} ${ports} ${direction === "in" ? "from" : "to"} ${peers.join(", ") || "nobody"}`;
