import type { CloudDescription } from "../description.ts";
import type { ActiveFault } from "../faults/faultLayer.ts";
import { type CloudIdentity, cloudIdentity, withoutNetwork } from "../identity.ts";
import { LocalCloudError } from "../localCloudError.ts";
import { type Claim, otherClaim } from "./claim.ts";
import { ask, isListening } from "./controlClient.ts";
import { placesOf } from "./places.ts";
import { type CloudSettings, readSettings, settingsFor } from "./settings.ts";

/** A cloud as the control socket shows it. */
export interface CloudStatus extends CloudSettings, CloudDescription {
  readonly name: string;
  readonly running: boolean;
  /** Of the daemon; absent when it does not run. */
  readonly pid?: number;
  readonly ec2Url: string;
  readonly s3Url: string;
  readonly endpoint: string;
  readonly region: string;
  /** The link to the live view; empty when the cloud does not run. It is a key: whoever has it may look, and set faults. */
  readonly pageUrl: string;
  /** Empty when the cloud does not run. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `<address>:<port>` of the DNS server that knows the names of load balancers; empty when the cloud does not run. */
  readonly dns: string;
  /** What goes wrong on purpose now. */
  readonly faults: readonly ActiveFault[];
  readonly logFile: string;
  /** Another user's cloud that has this one's addresses; never when this one runs. */
  readonly other?: Pick<Claim, "name" | "owner" | "directory">;
}

/** The region of a Eucalyptus whose operator named none (see the metadata service's identity document). */
export const REGION = "eucalyptus";

/** The addresses that the cloud really listens on. */
export function identityFor(name: string, driver: CloudSettings["driver"]): CloudIdentity {
  return driver === "none" ? withoutNetwork(cloudIdentity(name)) : cloudIdentity(name);
}

/** Undefined without a daemon, and for one that ends just now: its socket takes a connection then and gives no answer. */
async function runningStatus(controlSocket: string): Promise<CloudStatus | undefined> {
  if (!(await isListening(controlSocket))) return undefined;
  try {
    return JSON.parse((await ask(controlSocket, "GET", "/status")).toString()) as CloudStatus;
  } catch (error) {
    if (error instanceof LocalCloudError && error.code === "NOT_RUNNING") return undefined;
    throw error;
  }
}

/** Asks the daemon; without one, what is known from the last start. */
export async function cloudStatus(name: string): Promise<CloudStatus> {
  const places = placesOf(name);
  const running = await runningStatus(places.controlSocket);
  if (running !== undefined) return running;
  const settings = settingsFor({ owner: "" }, readSettings(places));
  const { ec2Url, s3Url, endpoint } = identityFor(name, settings.driver);
  const keys = { accessKeyId: "", secretAccessKey: "" };
  const owner = readSettings(places)?.owner ?? "";
  const other = otherClaim(cloudIdentity(name), places.directory);
  return {
    ...settings,
    owner,
    name,
    running: false,
    ec2Url,
    s3Url,
    endpoint,
    region: REGION,
    pageUrl: "",
    ...keys,
    instances: [],
    addresses: [],
    loadBalancers: [],
    dns: "",
    faults: [],
    logFile: places.logFile,
    ...(other && { other: { name: other.name, owner: other.owner, directory: other.directory } }),
  };
}
