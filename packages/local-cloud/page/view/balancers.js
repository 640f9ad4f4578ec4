import { chip, element, empty, facts, mono, show } from "./dom.js";

const STATES = { InService: "good", OutOfService: "warn", Healthy: "good", Unhealthy: "warn" };

/** Load balancers with who is in service, and groups with their members. */
export function showBalancers(balancers, groups, machines) {
  const names = new Map(machines.map(({ id, tags }) => [id, Object.fromEntries(tags).Name ?? ""]));
  const count = balancers.length + groups.length;
  document.querySelector("#balancers").hidden = count === 0; // one server needs none
  show("balancers", [balancers, groups, [...names]], count, () => [
    element(
      "div",
      { class: "cards" },
      ...balancers.map((one) => balancerCard(one, names)),
      ...groups.map((one) => groupCard(one, names)),
    ),
  ]);
}

function balancerCard({ name, dnsName, address, listeners, check, servers }, names) {
  const inService = servers.filter(({ state }) => state === "InService").length;
  return card("load balancer", name, `${inService} of ${servers.length} in service`, inService > 0, [
    facts([
      ["name", mono(dnsName)],
      ["worker", address === "" ? "none in service" : mono(address)],
      ["listens", listeners.join(", ")],
      ["check", check],
    ]),
    list(servers.map(({ id, state, reason }) => line(id, names, [chip(state, STATES[state] ?? "")], reason))),
  ]);
}

function groupCard({ name, size, configuration, balancers, members, suspended, last }, names) {
  const isWell = members.every(({ health }) => health === "Healthy");
  return card("group", name, `desired ${size}`, isWell, [
    facts([
      ["configuration", configuration],
      ["balancers", balancers.join(", ")],
      ["suspended", suspended.join(", ")],
      ["last", last],
    ]),
    list(
      members.map(({ id, lifecycle, health }) =>
        line(id, names, [
          chip(lifecycle, lifecycle === "InService" ? "good" : "warn"),
          chip(health, STATES[health] ?? ""),
        ]),
      ),
    ),
  ]);
}

const card = (kind, name, summary, isWell, content) =>
  element(
    "article",
    { class: "card", "data-balancing": name },
    element(
      "div",
      { class: "top" },
      element("h3", { title: kind }, `${name} `, chip(kind)),
      chip(summary, isWell ? "good" : "warn"),
    ),
    ...content,
  );

const list = (lines) => (lines.length === 0 ? empty("no server") : element("ul", { class: "servers" }, ...lines));

const line = (id, names, chips, reason = "") =>
  element(
    "li",
    {},
    names.get(id) ? element("strong", {}, names.get(id)) : "",
    " ",
    mono(id),
    " ",
    ...chips,
    reason && ` ${reason}`,
  );
