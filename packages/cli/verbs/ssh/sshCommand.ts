import { homedir } from "node:os";
import { localCloudAt } from "@planet/toolchain";
import { type Command, createCommand, OperatorError } from "../../command.ts";
import { STACK } from "../../options.ts";
import { neededDeployment, stackName } from "../../stack/outputs.ts";
import { type PulumiReader, readPulumi } from "../../stack/runPulumi.ts";
import { serverInService } from "../../stack/server.ts";
import { readPublicKeys, readStackConfig, sshAccess } from "../../stack/sshAccess.ts";
import { runSsh } from "./runSsh.ts";

/** What `planet ssh` needs of the world. */
export interface SshEdges extends PulumiReader {
  readonly server: typeof serverInService;
  readonly publicKeys: () => Promise<ReadonlyMap<string, string>>;
  /** @returns the name of the local cloud at an endpoint. */
  readonly localCloud: (endpoint: string, environment: NodeJS.ProcessEnv) => Promise<string | undefined>;
  /** @returns the exit code of `ssh`, 255 when it could not connect. */
  readonly ssh: (args: readonly string[]) => Promise<number>;
}

export const sshCommand = createSshCommand({
  read: readPulumi,
  server: serverInService,
  publicKeys: () => readPublicKeys(homedir()),
  localCloud: async (endpoint, environment) => (await localCloudAt(endpoint, environment))?.name,
  ssh: runSsh,
});

/** Logs in to the server that readers get, with the user and the key that it has. */
export function createSshCommand(edges: SshEdges): Command {
  return createCommand({
    name: "ssh",
    summary: "Log in to the server in service, or run a command there: planet ssh -- journalctl -t planet",
    positionals: "[-- command…]",
    options: {
      user: { type: "string", value: "user", default: "", help: "instead of the one that the image's name says" },
      key: { type: "string", value: "file", default: "", help: "private key, instead of the one of planet:publicKey" },
      stack: STACK,
    },
    notes: ["What is changed on a server ends with it: content belongs into site/, the rest into userdata/planet.sh."],

    async run({ values: { user, key, ...values }, positionals }, context) {
      const stack = await stackName(values.stack, edges, context);
      const deployed = await neededDeployment(stack, edges, context);
      const config = await readStackConfig(stack, edges, context);
      const server = await edges.server(stack, deployed, context);
      const publicKeys = await edges.publicKeys();
      const access = sshAccess({ config, stack, server, imageName: server.imageName, user, key, publicKeys });
      const withoutLogin = async () =>
        waysWithoutLogin(server.instanceId, await edges.localCloud(config.endpoint ?? "", context.environment));
      if (!access.isOpen) {
        const next = `${access.next}\n${await withoutLogin()}`;
        throw new OperatorError({ code: "NO_SSH", what: access.why, next });
      }
      context.err(`${server.instanceId} at ${server.address}, ${access.note}\n`);
      const code = await edges.ssh([...access.args, ...positionals]);
      if (code === 255) context.err(`ssh ended with 255: look at the words above. ${await withoutLogin()}\n`);
      return code;
    },
  });
}

const waysWithoutLogin = (instanceId: string, cloud: string | undefined): string =>
  cloud !== undefined
    ? `\`npx planet cloud ssh ${instanceId} ${cloud}\` enters a server of the local cloud without a key.`
    : "Without logging in: `npx planet logs` shows the server's console, `npx planet roll` makes a new server.";
