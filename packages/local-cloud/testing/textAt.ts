import { get } from "node:http";

/** What a server there says over a fresh connection, or the code of the error that came instead. */
export function textAt(url: string, timeoutMs = 5_000): Promise<string> {
  return new Promise((resolve) => {
    const asking = get(url, { agent: false, timeout: timeoutMs }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      answer.on("end", () => resolve(body.trim()));
    });
    asking.on("timeout", () => asking.destroy());
    asking.on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
  });
}
