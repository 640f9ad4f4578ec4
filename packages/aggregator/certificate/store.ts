import { CERTIFICATE_OBJECT, ORDER_OBJECT, type OrderRecord, readOrderRecord, writeOrderRecord } from "@planet/content";
import type { Bucket } from "../sync/bucket.ts";
import { upload } from "../sync/upload.ts";
import { ACCOUNT_OBJECT, newAccount, openAccount, sealAccount } from "./account.ts";
import type { CertificateSettings } from "./settings.ts";

/** What servers of a planet share about its certificate, beside the certificate itself. */
export class CertificateStore {
  readonly #bucket: Bucket;
  readonly #settings: CertificateSettings;

  constructor(bucket: Bucket, settings: CertificateSettings) {
    this.#bucket = bucket;
    this.#settings = settings;
  }

  /** Undefined when there was none, or the bucket did not say: then the upload before an order will not work, either. */
  async readOrder(): Promise<OrderRecord | undefined> {
    const text = await this.#read(this.#settings.tlsPermit.prefix + ORDER_OBJECT);
    return text === undefined ? undefined : readOrderRecord(text);
  }

  /** @throws {UploadError} */
  async writeOrder(record: OrderRecord): Promise<void> {
    await upload(this.#settings.tlsPermit, ORDER_OBJECT, Buffer.from(writeOrderRecord(record)));
  }

  /** The key of the planet's account, made and kept where there is none. @throws {UploadError} */
  async accountKey(): Promise<string> {
    const { key, directory, tlsPermit } = this.#settings;
    const text = await this.#read(tlsPermit.prefix + ACCOUNT_OBJECT);
    const known = text === undefined ? undefined : openAccount(text, { key, directory });
    if (known !== undefined) return known;
    const accountKey = newAccount();
    await upload(tlsPermit, ACCOUNT_OBJECT, Buffer.from(sealAccount(accountKey, { key, directory })));
    return accountKey;
  }

  /** @param text of the object. @throws {UploadError} */
  async writeCertificate(text: string): Promise<void> {
    await upload(this.#settings.tlsPermit, CERTIFICATE_OBJECT, Buffer.from(text));
  }

  /** Puts an answer to a challenge where every server's nginx finds it. @throws {UploadError} */
  async writeAnswer(token: string, answer: string): Promise<void> {
    await upload(this.#settings.challengePermit, token, Buffer.from(answer), { type: "text/plain" });
  }

  async #read(name: string): Promise<string | undefined> {
    const answer = await this.#bucket.read(name);
    return answer.state === "ok" ? Buffer.from(answer.bytes).toString("utf8") : undefined;
  }
}
