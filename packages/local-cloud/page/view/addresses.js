import { chip, clock, element, empty, mono, show } from "./dom.js";

/** Where each address led at the last picture: a change of that is a move that has arrived. */
const ledTo = new Map();

/** Each public address, the machine that new connections reach, and a move with the time that is left. */
export function showAddresses(addresses, machines) {
  const names = new Map(machines.map(({ id, tags }) => [id, Object.fromEntries(tags).Name ?? ""]));
  const arrived = addresses.filter(({ address, leadsTo }) => (ledTo.get(address) ?? leadsTo) !== leadsTo);
  for (const { address, leadsTo } of addresses) ledTo.set(address, leadsTo);
  for (const { address, leadsTo } of arrived) tell(`${address} now leads to ${leadsTo || "nothing"}`);
  show("addresses", [addresses, [...names]], addresses.length, () => {
    if (addresses.length === 0) return [empty("No address is in use. A deploy asks for an elastic one.")];
    return [
      element(
        "ul",
        { class: "routes" },
        ...addresses.map((address) =>
          route(
            address,
            names,
            arrived.some((one) => one.address === address.address),
          ),
        ),
      ),
    ];
  });
}

function route({ address, isElastic, leadsTo, move }, names, hasArrived) {
  const kinds = ["route", move && "moving", leadsTo === "" && "nowhere", hasArrived && "arrived"].filter(Boolean);
  return element(
    "li",
    { class: kinds.join(" "), "data-address": address },
    element("span", {}, mono(address), " ", chip(isElastic ? "elastic" : "system", isElastic ? "accent" : "")),
    element("span", { class: "arrow", "aria-hidden": "true" }),
    element("span", { class: "target" }, ...target(leadsTo, names)),
    move && moveLine(move, names),
  );
}

function target(id, names) {
  if (id === "") return [element("span", { class: "empty" }, "leads nowhere")];
  const name = names.get(id);
  return name ? [element("strong", {}, name), " ", mono(id)] : [mono(id)];
}

function moveLine({ to, asked, inMs, delayMs }, names) {
  const name = names.get(to);
  const left = `${(inMs / 1000).toFixed(1)} s`;
  return element(
    "span",
    { class: "move" },
    element("span", {}, "moves to ", name ? element("strong", {}, name) : mono(to), ` in ${left}`),
    element("progress", { max: delayMs, value: delayMs - inMs, "aria-label": `Move to ${to}` }),
    asked !== "" && element("span", {}, `asked for at ${clock(asked)}`),
  );
}

function tell(text) {
  document.querySelector("#news").append(element("span", {}, `${text}. `));
}
