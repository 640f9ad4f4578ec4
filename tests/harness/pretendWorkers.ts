import { createServer, type Server, type ServerResponse } from "node:http";
import type {
  BalancerWorker,
  WorkerHost,
  WorkerServer,
  WorkerSettings,
} from "../../packages/local-cloud/elb/worker.ts";

/** What a machine that only pretends says to a reader; undefined when it does not serve. */
export type AnswerOf = (instanceId: string) => Promise<string | undefined>;

/** Balancers in this process that send each request to the next server in service, over port 80 of their own address. */
export function pretendWorkers(answerOf: AnswerOf): WorkerHost {
  return { start: (_name, address) => new PretendWorker(address, answerOf) };
}

class PretendWorker implements BalancerWorker {
  readonly hasEnded = false;
  readonly #answerOf: AnswerOf;
  readonly #server: Server;
  #servers: readonly WorkerServer[] = [];
  #isCutOff = false;
  #inService: ReadonlyMap<string, boolean> = new Map();
  #turn = 0;

  constructor(address: string, answerOf: AnswerOf) {
    this.#answerOf = answerOf;
    this.#server = createServer((_, response) => void this.#answer(response));
    this.#server.listen(80, address);
  }

  apply({ servers, isCutOff }: WorkerSettings): void {
    this.#servers = servers;
    this.#isCutOff = isCutOff;
  }

  /** As of the question before: it is asked all the time. */
  states() {
    void this.#check();
    return new Map(
      this.#servers.flatMap(({ instanceId }): [string, "InService" | "OutOfService"][] => {
        const isServing = this.#inService.get(instanceId);
        return isServing === undefined ? [] : [[instanceId, isServing ? "InService" : "OutOfService"]];
      }),
    );
  }

  end(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #check(): Promise<void> {
    const all = this.#servers.map(async ({ instanceId }): Promise<[string, boolean]> => {
      return [instanceId, !this.#isCutOff && (await this.#answerOf(instanceId)) !== undefined];
    });
    this.#inService = new Map(await Promise.all(all));
  }

  async #answer(response: ServerResponse): Promise<void> {
    const serving = this.#servers.filter(({ instanceId }) => this.#inService.get(instanceId) === true);
    this.#turn += 1;
    const next = serving[this.#turn % Math.max(1, serving.length)];
    const text = next && (await this.#answerOf(next.instanceId));
    if (text === undefined) response.writeHead(503).end();
    else response.end(text);
  }
}
