import { chip, clock, element, empty, facts, mono, show } from "./dom.js";

const KINDS = { running: "good", pending: "warn", "shutting-down": "warn", terminated: "" };

/** Living machines as cards, those that have ended below. */
export function showMachines(machines, openConsole) {
  const living = machines.filter(({ state }) => state !== "terminated");
  const ended = machines.filter(({ state }) => state === "terminated");
  const isOpen = document.querySelector("#machines details")?.open ?? false;
  show("machines", machines, living.length, () =>
    [
      living.length === 0
        ? empty("No machine runs.")
        : element("div", { class: "cards" }, ...living.map((machine) => card(machine, openConsole))),
      ended.length > 0 &&
        element(
          "details",
          { open: isOpen },
          element("summary", {}, `${ended.length} terminated`),
          element("div", { class: "cards" }, ...ended.map((machine) => card(machine, openConsole))),
        ),
    ].filter(Boolean),
  );
}

function card({ id, state, reason, image, type, privateAddress, publicAddress, launched, groups, tags }, openConsole) {
  const { Name: name, ...others } = Object.fromEntries(tags);
  return element(
    "article",
    { class: "card", "data-instance": id },
    element("div", { class: "top" }, element("h3", {}, name ?? id), chip(state, KINDS[state])),
    facts([
      ["id", name === undefined ? "" : mono(id)],
      ["image", `${image}, ${type}`],
      ["address", mono(publicAddress === "" ? privateAddress : `${publicAddress} → ${privateAddress}`)],
      ["launched", clock(launched)],
      ["groups", groups.join(", ")],
      ["reason", reason],
    ]),
    element(
      "div",
      { class: "bottom" },
      element(
        "ul",
        { class: "chips", "aria-label": "Tags" },
        ...Object.entries(others).map(([key, value]) => element("li", {}, chip(`${key} = ${value}`))),
      ),
      element(
        "button",
        { type: "button", onclick: () => openConsole(id), "aria-label": `Console of ${id}` },
        "Console",
      ),
    ),
  );
}
