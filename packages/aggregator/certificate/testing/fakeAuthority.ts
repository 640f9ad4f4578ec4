import { requestedKey, TestAuthority } from "@planet/content/testing";
import { AcmeError } from "../acme/acmeError.ts";
import type { AcmeAnswer, AcmeRequest, Send } from "../acme/send.ts";

const HOST = "https://ca.test";

/** An order as the authority sees it. */
interface FakeOrder {
  readonly names: readonly string[];
  readonly replaces: string | undefined;
  chain?: string;
}

/**
 * A certificate authority in memory, for what an order is made of and for its failures. It believes every signature: a real one
 * (Pebble) checks them in tests/certificate.full.engine.test.ts.
 */
export class FakeAuthority {
  readonly directory = `${HOST}/dir`;
  readonly root = new TestAuthority("Fake Root");
  readonly orders: FakeOrder[] = [];
  /** Validity of what is issued. */
  lifetime: { readonly notBefore?: Date; readonly notAfter?: Date } = {};
  /** An answer in place of its own, by the path. */
  readonly instead = new Map<string, Partial<AcmeAnswer> | "down">();
  /** What it finds at `http://<name>/.well-known/acme-challenge/<token>`. */
  look: (name: string, token: string) => Promise<string | undefined>;
  readonly #issuer = this.root.intermediate("Fake CA");

  constructor(look: FakeAuthority["look"]) {
    this.look = look;
  }

  readonly send: Send = async (url, request) => {
    const { pathname } = new URL(url);
    const instead = this.instead.get(pathname);
    if (instead === "down") throw new AcmeError("ACME_UNREACHABLE", "ca.test is not reachable: connect ECONNREFUSED");
    const answer = instead ?? (await this.#answer(pathname, request));
    const headers = { "replay-nonce": "n", ...answer.headers };
    return { status: 200, text: "", json: {}, ...answer, headers };
  };

  async #answer(path: string, { body = "{}" }: AcmeRequest): Promise<Partial<AcmeAnswer>> {
    const { payload = "" } = JSON.parse(body) as { payload?: string };
    const content = payload === "" ? {} : JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    const [, what = "", id = "", part = ""] = path.split("/");
    const order = id === "" ? undefined : this.orders[Number(id)];
    if (what === "dir") {
      return json({ newNonce: `${HOST}/nonce`, newAccount: `${HOST}/account`, newOrder: `${HOST}/order` });
    }
    if (what === "account") return { status: 201, headers: { location: `${HOST}/account/1` } };
    if (what === "order" && id === "") return this.#place(content);
    if (what === "order" && order) return json({ status: "valid", certificate: `${HOST}/certificate/${id}` });
    if (what === "authorization" && order) return this.#authorization(order.names[Number(part)] ?? "", `${id}/${part}`);
    if (what === "finalize" && order) {
      const publicKey = requestedKey(Buffer.from(content.csr, "base64url"));
      order.chain = this.#issuer.issue({ names: order.names, publicKey, ...this.lifetime }).chain;
      return json({ status: "processing" });
    }
    return what === "certificate" ? { text: order?.chain ?? "" } : {};
  }

  #place({ identifiers, replaces }: { identifiers: { value: string }[]; replaces?: string }): Partial<AcmeAnswer> {
    const id = this.orders.push({ names: identifiers.map(({ value }) => value), replaces }) - 1;
    return {
      ...json({
        authorizations: identifiers.map((_, index) => `${HOST}/authorization/${id}/${index}`),
        finalize: `${HOST}/finalize/${id}`,
      }),
      status: 201,
      headers: { location: `${HOST}/order/${id}` },
    };
  }

  async #authorization(name: string, id: string): Promise<Partial<AcmeAnswer>> {
    const token = `token-${id.replace("/", "-")}`;
    const challenge = { type: "http-01", url: `${HOST}/challenge/${id}`, token };
    const identifier = { type: "dns", value: name };
    const seen = await this.look(name, token);
    if (seen?.startsWith(`${token}.`)) return json({ status: "valid", identifier });
    if (!this.#asked.has(id)) {
      this.#asked.add(id);
      return json({ status: "pending", identifier, challenges: [{ type: "dns-01" }, challenge] });
    }
    const error = { detail: `Invalid response from http://${name}/.well-known/acme-challenge/${token}: 404` };
    return json({ status: "invalid", identifier, challenges: [{ ...challenge, error }] });
  }

  readonly #asked = new Set<string>();
}

const json = (value: Readonly<Record<string, unknown>>): Partial<AcmeAnswer> => ({ json: value });
