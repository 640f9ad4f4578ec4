import type { Command } from "./command.ts";
import { certificateCommand } from "./verbs/certificate/certificateCommand.ts";
import { cloudCommand } from "./verbs/cloud/cloudCommand.ts";
import { createCompletionCommand } from "./verbs/completion/completionCommand.ts";
import { doctorCommand } from "./verbs/doctor/doctorCommand.ts";
import { environmentCommand } from "./verbs/env/environmentCommand.ts";
import { feedsCommand } from "./verbs/feeds/feedsCommand.ts";
import { logsCommand } from "./verbs/logs/logsCommand.ts";
import { memoryCommand } from "./verbs/memory/memoryCommand.ts";
import { openCommand } from "./verbs/open/openCommand.ts";
import { previewCommand } from "./verbs/preview/previewCommand.ts";
import { recoverCommand } from "./verbs/recover/recoverCommand.ts";
import { rollCommand } from "./verbs/roll/rollCommand.ts";
import { rollbackCommand } from "./verbs/rollback/rollbackCommand.ts";
import { siteCommand } from "./verbs/site/siteCommand.ts";
import { sshCommand } from "./verbs/ssh/sshCommand.ts";
import { startCommand } from "./verbs/start/startCommand.ts";
import { statusCommand } from "./verbs/status/statusCommand.ts";
import { upCommand } from "./verbs/up/upCommand.ts";

const VERBS: readonly Command[] = [
  startCommand,
  statusCommand,
  previewCommand,
  upCommand,
  openCommand,
  logsCommand,
  sshCommand,
  rollCommand,
  recoverCommand,
  rollbackCommand,
  feedsCommand,
  siteCommand,
  memoryCommand,
  certificateCommand,
  doctorCommand,
  cloudCommand,
  environmentCommand,
];

/** All verbs, in the order in which `planet --help` shows them. */
export const COMMANDS: readonly Command[] = [...VERBS, createCompletionCommand(VERBS)];
