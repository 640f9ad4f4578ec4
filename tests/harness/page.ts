import { get } from "node:http";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One GET over a connection of its own; rejects when there is no answer within 5 s. */
export function ask(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: 5000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    request.on("timeout", () => request.destroy(new Error(`${url} did not answer within 5 s`)));
    request.on("error", reject);
  });
}

/** What tests read of status.json; its whole shape is the aggregator's. */
export interface Status {
  readonly release: string;
  readonly state: string;
  readonly drift: readonly { readonly name: string }[];
  readonly rejected: readonly { readonly name: string; readonly message: string; readonly line?: number }[];
}

export async function status(url: string): Promise<Status> {
  const { status: code, body } = await ask(new URL("/status.json", url).href);
  if (code !== 200) throw new Error(`status.json answered ${code}`);
  return JSON.parse(body) as Status;
}

export const countArticles = (page: string): number => page.match(/<article[\s>]/g)?.length ?? 0;
