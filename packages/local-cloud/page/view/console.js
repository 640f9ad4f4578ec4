import { scrolls } from "./dom.js";
import { listen } from "./stream.js";

/** Characters of a console that are kept. */
const LIMIT = 300_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours and moves are taken out
const CONTROL = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[@-_]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

const dialog = document.querySelector("#console");
const output = dialog.querySelector("pre");
let open;

/** A machine's console as it is written, until the dialog is closed. */
export function openConsole(id, token) {
  open?.abort();
  open = new AbortController();
  dialog.querySelector("h2").textContent = `Console of ${id}`;
  output.textContent = "";
  dialog.showModal();
  void listen(`/page/console/${id}`, token, open.signal, {
    open: () => {
      output.textContent = ""; // after a break its end comes again
    },
    console: append,
    refused: (what) => append(`(${what})`),
  });
}

scrolls(output, "Output");
dialog.addEventListener("close", () => open?.abort());

/** Who has scrolled up to read is left there. */
function append(text) {
  const isAtEnd = output.scrollHeight - output.scrollTop - output.clientHeight < 40;
  output.append(text.replaceAll(CONTROL, ""));
  if (output.textContent.length > LIMIT) output.textContent = output.textContent.slice(-LIMIT);
  if (isAtEnd) output.scrollTop = output.scrollHeight;
}
