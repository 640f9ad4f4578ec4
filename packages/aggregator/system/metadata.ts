import { httpGet } from "@planet/content/httpGet";

export const METADATA = "http://169.254.169.254";

/** What the metadata service says of this server (`instance-id`); empty when there is none, or it says something else. */
async function metadata(name: string, shape: RegExp): Promise<string> {
  try {
    const { status, body } = await httpGet(`${METADATA}/latest/meta-data/${name}`, {
      timeoutMs: 5_000,
      limitBytes: 1_000,
    });
    const text = body.toString("utf8").trim();
    return status === 200 && shape.test(text) ? text : "";
  } catch {
    return "";
  }
}

export const instanceId = (): Promise<string> => metadata("instance-id", /^i-[0-9a-f]+$/);
export const publicAddress = (): Promise<string> => metadata("public-ipv4", /^\d{1,3}(?:\.\d{1,3}){3}$/);
