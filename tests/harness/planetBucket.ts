import {
  contentType,
  type Manifest,
  type Permit,
  policyOf,
  scopeOf,
  serializeManifest,
  sha256Of,
  signatureOf,
} from "../../packages/content/index.ts";
import { exchange, signedV4 } from "../../packages/local-cloud/testing/s3Client.ts";
import type { TestCloud } from "../../packages/local-cloud/testing/testCloud.ts";

const BUCKET = "planet";

/** A planet's bucket on the storage of a local cloud: as its operator writes it, and as everybody reads it. */
export class PlanetBucket {
  /** Without a slash at its end. */
  readonly url: string;
  readonly #keys: TestCloud["cloud"]["credentials"];

  private constructor({ endpoint, cloud }: TestCloud) {
    this.url = `${endpoint}/services/objectstorage/${BUCKET}`;
    this.#keys = cloud.credentials;
  }

  static async create(cloud: TestCloud): Promise<PlanetBucket> {
    const bucket = new PlanetBucket(cloud);
    await bucket.#send(bucket.url);
    return bucket;
  }

  /** As everybody; undefined for what is not there. */
  async get(name: string): Promise<string | undefined> {
    const { status, text } = await exchange({ method: "GET", url: `${this.url}/${name}` });
    return status === 200 ? text : undefined;
  }

  /** For everybody to read. */
  async put(name: string, body: string | Buffer): Promise<void> {
    await this.#send(`${this.url}/${name}`, body);
  }

  async remove(name: string): Promise<void> {
    const sent = { method: "DELETE", url: `${this.url}/${name}` };
    const { status, text } = await exchange(signedV4(sent, this.#keys).signed);
    if (status !== 204) throw new Error(`DELETE ${name} was answered ${status}: ${text}`);
  }

  /** planet.ini, as the stack publishes it. */
  async deploy(ini: string): Promise<void> {
    const [sha256, size] = [sha256Of(ini), Buffer.byteLength(ini)];
    const file = { name: "planet.ini", sha256, size, type: contentType("planet.ini"), replaces: [] };
    const manifest: Manifest = { stack: "local", files: [file] };
    await this.put(`objects/${sha256}`, ini);
    await this.put("manifest.json", serializeManifest(manifest));
    await this.put("planet.ini", ini);
  }

  /** What a server may write below a prefix. */
  permit(prefix: string): Permit {
    const { accessKeyId, secretAccessKey } = this.#keys;
    const place = { bucketUrl: this.url, bucket: BUCKET, prefix };
    return { ...place, accessKeyId, signature: signatureOf(policyOf(scopeOf(place)), secretAccessKey) };
  }

  async #send(url: string, body?: string | Buffer): Promise<void> {
    const sent = { method: "PUT", url, headers: { "x-amz-acl": "public-read" }, ...(body !== undefined && { body }) };
    const { status, text } = await exchange(signedV4(sent, this.#keys).signed);
    if (status !== 200) throw new Error(`PUT ${url} was answered ${status}: ${text}`);
  }
}
