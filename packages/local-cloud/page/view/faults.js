import { element } from "./dom.js";
import { ask } from "./stream.js";

const HINT =
  "A button makes the cloud fail so; pressed again, it ends that. Fields that a fault does not take are left out.";

const fields = {
  action: element("input", { id: "fault-action", placeholder: "every one", maxlength: "60", autocomplete: "off" }),
  times: element("input", { id: "fault-times", type: "number", min: "1", placeholder: "for ever" }),
  seconds: element("input", { id: "fault-seconds", type: "number", placeholder: "as usual", step: "any" }),
  instance: element("select", { id: "fault-instance" }),
};
const LABELS = { action: "Operation", times: "How often", seconds: "Seconds", instance: "Machine" };

const active = element("ul", { class: "active", "aria-label": "Active faults" });
const buttons = element("div", {});
const hint = element("p", { class: "hint", role: "status" }, HINT);
let isBuilt = false;

/** Active faults, the fields that say how one is meant, and a button for each. */
export function showFaults({ faults, machines, kinds, token }) {
  if (!isBuilt) build();
  isBuilt = true;
  const running = machines.filter(({ state }) => state === "running").map(({ id }) => id);
  if ([...fields.instance.options].map(({ value }) => value).join() !== running.join()) {
    fields.instance.replaceChildren(...running.map((id) => element("option", { value: id }, id)));
  }
  document.querySelector("#faults .count").textContent = faults.length === 0 ? "" : `${faults.length} active`;
  active.replaceChildren(...faults.map((fault) => activeItem(fault, token)));
  if (buttons.children.length === 0) {
    const groups = Object.groupBy(Object.entries(kinds), ([, { of }]) => of);
    buttons.append(
      ...Object.entries(groups).flatMap(([of, members]) => [
        element("h3", { id: `faults-of-${of.replace(" ", "-")}` }, `Of ${of}`),
        element(
          "div",
          { class: "buttons", role: "group", "aria-labelledby": `faults-of-${of.replace(" ", "-")}` },
          ...members.map(([name, kind]) => button(name, kind, token)),
        ),
      ]),
    );
  }
  for (const each of buttons.querySelectorAll("button")) {
    each.setAttribute("aria-pressed", String(faults.some(({ fault }) => fault === each.textContent)));
  }
}

function build() {
  const choices = Object.entries(fields).map(([name, field]) => element("label", {}, LABELS[name], field));
  document
    .querySelector("#faults .body")
    .replaceChildren(active, element("div", { class: "choices" }, ...choices), buttons, hint);
}

function button(name, { summary, takes }, token) {
  const about = () => {
    hint.textContent = `${name}: ${summary.replaceAll(/--(\w+)/g, "$1")}.`;
  };
  const press = () => {
    const isOn = made.getAttribute("aria-pressed") === "true";
    void change(
      isOn ? "/page/clear-fault" : "/page/fault",
      isOn ? { fault: name } : { fault: name, ...given(takes) },
      token,
    );
  };
  const made = element(
    "button",
    { type: "button", "aria-pressed": "false", title: summary, onclick: press, onfocus: about, onmouseenter: about },
    name,
  );
  return made;
}

/** Of the fields, what the fault takes and somebody has filled in. */
function given(takes) {
  const filled = takes.map((name) => [name, fields[name].value.trim()]).filter(([, value]) => value !== "");
  const isNumber = (name) => name === "times" || name === "seconds";
  return Object.fromEntries(filled.map(([name, value]) => [name, isNumber(name) ? Number(value) : value]));
}

function activeItem({ fault, action, instance, times, seconds, met }, token) {
  const words = [
    action ?? instance,
    seconds !== undefined && `${seconds} s`,
    times === undefined ? "for ever" : `${times - met} more`,
    met > 0 && `met ${met}`,
  ];
  return element(
    "li",
    {},
    element("strong", {}, fault),
    element("span", {}, words.filter(Boolean).join(", ")),
    element("button", { type: "button", onclick: () => change("/page/clear-fault", { fault }, token) }, "Clear"),
  );
}

async function change(path, wanted, token) {
  try {
    await ask(path, token, wanted);
    hint.textContent = path === "/page/fault" ? `${wanted.fault} is set.` : `${wanted.fault} is cleared.`;
  } catch (error) {
    hint.textContent = `Not done: ${error.message}`;
  }
}
