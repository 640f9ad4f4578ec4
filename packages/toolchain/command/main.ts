import { serveProvider } from "@planet/pulumi-plugin";
import { createCommandProvider } from "./commandProvider.ts";

// Secrets are accepted so that the output of a command with a secret input becomes secret too.
await serveProvider(createCommandProvider, { name: "command", version: "1.2.1", acceptSecrets: true });
