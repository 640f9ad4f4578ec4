/** One request to the cloud, by what it asks and not by when: the same in every run of the same command. */
export interface Call {
  /** `AssociateAddress`, `PUT planet/manifest.json`. */
  readonly name: string;
  /** Which one of that name in this run, from 1. */
  readonly nth: number;
  /** Whether it leaves the cloud as it is. */
  readonly isRead: boolean;
  readonly service: Service;
}

type Service = "ec2" | "s3" | "sts";

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

const OBJECT_STORAGE = "/services/objectstorage/";

/** Pure. The EC2 action stands in the form, an S3 operation is its verb and place. */
export function nameCall({ method, url, body }: Request): Omit<Call, "nth"> {
  const [path = "", query = ""] = url.split("?");
  if (path.startsWith(OBJECT_STORAGE)) {
    const place = withoutHashes(decodeURIComponent(path.slice(OBJECT_STORAGE.length))) || "all buckets";
    const isAcl = /(^|&)acl(=|&|$)/.test(query);
    return { name: `${method} ${place}${isAcl ? "?acl" : ""}`, isRead: /^(GET|HEAD)$/.test(method), service: "s3" };
  }
  const name = new URLSearchParams(body).get("Action") ?? `${method} ${path}`;
  return { name, isRead: /^(Describe|Get) ?/.test(name), service: path.includes("/Tokens") ? "sts" : "ec2" };
}

/** Immutable objects are alike, and their names change with every edit of the sources. */
const withoutHashes = (place: string): string => place.replace(/\/objects\/[0-9a-f]{64}$/, "/objects/*");

/** `AssociateAddress#1` */
export const labelOf = ({ name, nth }: Pick<Call, "name" | "nth">): string => `${name}#${nth}`;
