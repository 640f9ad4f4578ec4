import { clock, element, scrolls } from "./dom.js";

/** Rows of the table; the daemon knows more (`planet cloud logs`). */
const SHOWN = 200;

const rows = document.querySelector("#requests tbody");
const count = document.querySelector("#requests .count");
const filter = document.querySelector("#filter");
const problems = document.querySelector("#problems");
const pause = document.querySelector("#pause");
let known = [];
let isPaused = false;

/** Newest first. After a break the last ones come again. */
export function addRequests(entries) {
  const last = known[0]?.id ?? 0;
  const isRestarted = entries.length > 0 && entries.at(-1).id < last;
  const fresh = isRestarted ? entries : entries.filter(({ id }) => id > last);
  if (isRestarted) known = [];
  known = [...fresh.toReversed(), ...known].slice(0, SHOWN);
  count.textContent = known.length === 0 ? "" : String(known[0].id);
  if (isPaused) return;
  if (isRestarted || last === 0) showAll();
  else {
    rows.prepend(
      ...fresh
        .toReversed()
        .filter(isWanted)
        .map((entry) => row(entry, true)),
    );
    while (rows.children.length > SHOWN) rows.lastChild.remove();
  }
}

function showAll() {
  rows.replaceChildren(...known.filter(isWanted).map((entry) => row(entry, false)));
}

const isProblem = ({ status, fault }) => status === 0 || status >= 400 || fault !== "";

function isWanted(entry) {
  if (problems.checked && !isProblem(entry)) return false;
  const { caller, source, service, action, parameters, code, fault, status } = entry;
  const text = [caller, source, service, action, parameters, code, fault, status].join(" ").toLowerCase();
  return text.includes(filter.value.trim().toLowerCase());
}

function row(entry, isFresh) {
  const { time, status, durationMs, caller, source, service, action, parameters, code, fault } = entry;
  const kind = status === 0 || status >= 500 ? "bad" : status >= 400 ? "warn" : "good";
  return element(
    "tr",
    { class: isFresh && "fresh" },
    element("td", { class: "nowrap mono" }, clock(time, true)),
    element(
      "td",
      { class: "nowrap" },
      element("span", { class: `chip ${kind}` }, status === 0 ? "lost" : String(status)),
    ),
    element("td", { class: "nowrap" }, `${durationMs} ms`),
    element("td", { class: "nowrap", title: source }, source.startsWith("i-") ? `${caller} (${source})` : caller),
    element(
      "td",
      { class: "wide" },
      element("strong", { title: service }, action),
      " ",
      code !== "" && element("span", { class: `chip ${kind}` }, code),
      " ",
      fault !== "" && element("span", { class: "chip bad" }, fault),
      parameters !== "" && element("span", { class: "parameters mono", title: parameters }, parameters),
    ),
  );
}

scrolls(document.querySelector("#requests .scroll"), "Requests, newest first");
filter.addEventListener("input", showAll);
problems.addEventListener("change", showAll);
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
  pause.textContent = isPaused ? "Go on" : "Pause";
  if (!isPaused) showAll();
});
