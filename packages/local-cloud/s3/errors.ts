import { ServiceError } from "../wire/faults.ts";

interface Extras {
  /** What the error is about; without it the request's bucket and key, `none` leaves the element out. */
  readonly resource?: string | "none";
  /** More elements: signature errors show what was signed. */
  readonly details?: Readonly<Record<string, string>>;
}

export class S3Error extends ServiceError {
  readonly resource: string | undefined;
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, { resource, details = {} }: Extras = {}) {
    super(status, code, message);
    this.resource = resource;
    this.details = details;
  }
}

/* Codes, statuses and texts: Corymbia/eucalyptus `exceptions/s3`, observed on Eucalyptus 5.1.0, 2026-11-28. */

const NO_RESOURCE: Extras = { resource: "" };

export const accessDenied = (message = "Access Denied") => new S3Error(403, "AccessDenied", message);
/** For a new bucket, or a key that the store cannot hold. */
export const accessOrLimit = () => accessDenied("Access denied due to permissions or limit exceeded");
/** Before anything of the request was looked at. */
export const unauthenticated = (message: string) => new S3Error(403, "AccessDenied", message, NO_RESOURCE);
export const invalidAccessKey = (accessKeyId: string) =>
  new S3Error(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
    resource: "none",
    details: { AWSAccessKeyId: accessKeyId },
  });
export const missingSecurityHeader = () =>
  new S3Error(400, "MissingSecurityHeader", "Malformed or unexpected format for Authentication header", NO_RESOURCE);
export const requestTimeTooSkewed = () =>
  new S3Error(
    403,
    "RequestTimeTooSkewed",
    "The difference between the request time and the server's time is too large.",
    NO_RESOURCE,
  );
export const contentHashMismatch = () =>
  new S3Error(
    400,
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed",
    NO_RESOURCE,
  );
/** What is fired through the pipeline without an S3 model. */
export const unknownFailure = (message: string, status: 400 | 500 = 500) => new S3Error(status, "UNKNOWN", message);
export const internalError = () =>
  new S3Error(500, "InternalError", "We encountered an internal error. Please try again.");

export function signatureDoesNotMatch(facts: {
  accessKeyId: string;
  stringToSign: string;
  signature: string;
  canonicalRequest?: string;
}): S3Error {
  const hex = (text: string) => (Buffer.from(text).toString("hex").match(/../g) ?? []).join(" ");
  return new S3Error(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided.",
    {
      resource: "none",
      details: {
        AWSAccessKeyId: facts.accessKeyId,
        StringToSign: facts.stringToSign,
        SignatureProvided: facts.signature,
        StringToSignBytes: hex(facts.stringToSign),
        ...(facts.canonicalRequest !== undefined && {
          CanonicalRequest: facts.canonicalRequest,
          CanonicalRequestBytes: hex(facts.canonicalRequest),
        }),
      },
    },
  );
}

/** Of a form: its policy does not allow what it wants. `resource`: the condition, field or date. */
export const invalidPolicyDocument = (resource: string, detail: string) =>
  new S3Error(
    400,
    "InvalidPolicyDocument",
    `The content of the form does not meet the conditions specified in the policy document. Detail: ${detail}`,
    { resource },
  );
export const malformedPost = (message: string) => new S3Error(400, "MalformedPOSTRequest", message, NO_RESOURCE);

export const noSuchBucket = (name: string) =>
  new S3Error(404, "NoSuchBucket", "The specified bucket does not exist.", { resource: name });
export const noSuchKey = (bucketName: string, key: string) =>
  new S3Error(404, "NoSuchKey", "The specified key does not exist.", { resource: `${bucketName}/${key}` });
export const noSuchVersion = () => new S3Error(404, "NoSuchVersion", "The specified version does not exist.");
export const noSuchUpload = () =>
  new S3Error(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid.");
export const bucketNotEmpty = () => new S3Error(409, "BucketNotEmpty", "The bucket you tried to delete is not empty.");
export const invalidBucketName = () => new S3Error(400, "InvalidBucketName", "The specified bucket is not valid.");
export const tooManyBuckets = () =>
  new S3Error(400, "TooManyBuckets", "You have attempted to create more buckets than allowed.");
/** `resource`: the value that is wrong. */
export const invalidArgument = (resource: string, message = "Argument format not recognized") =>
  new S3Error(400, "InvalidArgument", message, { resource });
export const invalidRequest = (message: string) => new S3Error(400, "InvalidRequest", message);
const MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema.";
export const malformedXml = (resource?: string) =>
  new S3Error(400, "MalformedXML", MALFORMED, resource === undefined ? {} : { resource });
/** Whatever is wrong: the first path that binds nothing is named. */
export const malformedAcl = () =>
  new S3Error(400, "MalformedACLError", MALFORMED, { resource: "//AccessControlList/Grant/Permission" });
export const unresolvableGrant = () =>
  new S3Error(400, "UnresolvableGrantByEmailAddress", "The email address you provided does not match any account.");
export const invalidTag = () => new S3Error(400, "InvalidTagError", "The tag provided was not a valid tag.");
export const invalidBucketState = () =>
  new S3Error(409, "InvalidBucketState", "The request is not valid with the current state of the bucket.");
export const illegalVersioning = () =>
  new S3Error(
    400,
    "IllegalVersioningConfigurationException",
    "The versioning configuration specified in the request is invalid.",
  );
export const missingContentLength = (message = "You must provide the Content-Length HTTP header.") =>
  new S3Error(411, "MissingContentLength", message);
export const preconditionFailed = (header: string) =>
  new S3Error(412, "PreconditionFailed", "At least one of the preconditions you specified did not hold.", {
    resource: header,
  });
export const invalidRange = (range: string) =>
  new S3Error(416, "InvalidRange", "The requested range is not satisfiable.", { resource: range });
/** `request`: verb, path and query. */
export const methodNotAllowed = (request: string) =>
  new S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", {
    resource: request,
  });
export const notImplemented = (operation: string) =>
  new S3Error(501, "NotImplemented", `${operation} is not implemented`);
export const invalidPart = () =>
  new S3Error(
    400,
    "InvalidPart",
    "One or more of the specified parts could not be found. The part might not have been uploaded, " +
      "or the specified entity tag might not have matched the part's entity tag.",
  );
export const invalidPartOrder = () =>
  new S3Error(
    400,
    "InvalidPartOrder",
    "The list of parts was not in ascending order.Parts list must specified in order by part number.",
  );
export const entityTooSmall = () =>
  new S3Error(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed object size.");
export const nothingConfigured = (code: string, message: string, resource: string) =>
  new S3Error(404, code, message, { resource });
