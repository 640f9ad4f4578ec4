import { serveProvider } from "@planet/pulumi-plugin";
import { connectCloud } from "./connectCloud.ts";
import { createProvider } from "./createProvider.ts";

/** The version of `@pulumi/aws` whose types the handlers are checked against. */
const VERSION = "7.48.0";

await serveProvider(
  (context) => createProvider((configuration) => connectCloud(configuration, { ...context, environment: process.env })),
  { name: "aws", version: VERSION },
);
