import { LocalCloudError } from "../localCloudError.ts";
import { buildImages } from "./buildImages.ts";
import { cleanUp, forget } from "./cleanUp.ts";
import { launch } from "./launch.ts";
import { serve } from "./serve.ts";
import { openShell } from "./shell.ts";

/**
 * The side of the local cloud that may need root; index.ts starts it, with sudo where the caller is somebody else.
 * Progress goes to standard output, a failure's explanation to standard error with exit code 1.
 */
const [verb = "", ...words] = process.argv.slice(2);
process.umask(0o022);

try {
  if (verb === "serve") await serve(words[0] ?? "");
  else if (verb === "launch") await launch(words[0] ?? "", progress);
  else if (verb === "images") await buildImages(words, progress);
  else if (verb === "clean") await cleanUp(words[0] ?? "", progress);
  else if (verb === "shell") process.exitCode = openShell(words[0] ?? "", words[1] ?? "");
  else if (verb === "forget") forget(words[0] ?? "");
  else throw new Error(`there is no verb "${verb}"`);
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (verb === "serve" && !(error instanceof LocalCloudError) ? error.stack : error.message) : String(error)}\n`,
  );
  process.exit(1);
}

function progress(line: string): void {
  process.stdout.write(`${line}\n`);
}
