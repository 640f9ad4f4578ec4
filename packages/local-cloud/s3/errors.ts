import { ServiceError } from "../wire/faults.ts";

interface Extras {
  /** What the error is about; without it the request's bucket and key, `null` leaves the element out. */
  readonly resource?: string | null;
  /** More elements: signature errors show what was signed. */
  readonly details?: Readonly<Record<string, string>>;
}

export class S3Error extends ServiceError {
  readonly resource: string | null | undefined;
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, { resource, details = {} }: Extras = {}) {
    super(status, code, message);
    this.resource = resource;
    this.details = details;
  }
}

/* Codes, statuses and texts: Corymbia/eucalyptus `exceptions/s3`, observed on Eucalyptus 5.1.0, 2026-11-28. */

const NO_RESOURCE: Extras = { resource: "" };

export const accessDenied = (resource?: string) =>
  new S3Error(403, "AccessDenied", "Access Denied", resource === undefined ? {} : { resource });
/** For a new bucket or object, or a key that the store cannot hold. */
export const accessOrLimit = (resource: string) =>
  new S3Error(403, "AccessDenied", "Access denied due to permissions or limit exceeded", { resource });
/** Without its parameters a signature of version 2 is not looked at. `resource` is the text of what is missing. */
export const invalidSecurity = (resource: string) =>
  new S3Error(403, "InvalidSecurity", "The provided security credentials are not valid.", { resource });
/** Before anything of the request was looked at. */
export const unauthenticated = (message: string) => new S3Error(403, "AccessDenied", message, NO_RESOURCE);
export const invalidAccessKey = (accessKeyId: string) =>
  new S3Error(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
    resource: null,
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
export const unknownFailure = (message: string, status: 400 | 500 = 500) =>
  new S3Error(status, "UNKNOWN", message, NO_RESOURCE);
export const dateUnparsable = (text: string) => unknownFailure(`Error parsing date: ${text}`, 400);
export const internalError = (resource?: string) =>
  new S3Error(
    500,
    "InternalError",
    "We encountered an internal error. Please try again.",
    resource === undefined ? {} : { resource },
  );

export function signatureDoesNotMatch(facts: {
  accessKeyId: string;
  stringToSign: string;
  signature: string;
  canonicalRequest?: string;
}): S3Error {
  const numbers = (text: string) => [...new Int8Array(Buffer.from(text))].join(" ");
  return new S3Error(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided.",
    {
      resource: null,
      details: {
        AWSAccessKeyId: facts.accessKeyId,
        StringToSign: facts.stringToSign,
        SignatureProvided: facts.signature,
        StringToSignBytes: numbers(facts.stringToSign),
        CanonicalRequest: facts.canonicalRequest ?? "",
        ...(facts.canonicalRequest !== undefined && { CanonicalRequestBytes: numbers(facts.canonicalRequest) }),
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
/** `resource`: bucket and key, with the version that was asked for; of a delete marker the key alone. */
export const noSuchKey = (resource: string) =>
  new S3Error(404, "NoSuchKey", "The specified key does not exist.", { resource });
export const noSuchUpload = (uploadId: string) =>
  new S3Error(
    404,
    "NoSuchUpload",
    "The specified multipart upload does not exist. The upload ID might be invalid, " +
      "or the multipart upload might have been aborted or completed.",
    { resource: uploadId },
  );
export const bucketNotEmpty = () => new S3Error(409, "BucketNotEmpty", "The bucket you tried to delete is not empty.");
export const invalidBucketName = () => new S3Error(400, "InvalidBucketName", "The specified bucket is not valid.");
export const tooManyBuckets = () =>
  new S3Error(400, "TooManyBuckets", "You have attempted to create more buckets than allowed.");
/** `resource`: the value that is wrong. */
export const invalidArgument = (resource: string, message = "Argument format not recognized") =>
  new S3Error(400, "InvalidArgument", message, { resource });
export const invalidRequest = (resource: string, message: string) =>
  new S3Error(400, "InvalidRequest", message, { resource });
/** An argument that names nothing: `Invalid id`. */
export const invalidGrantee = () => new S3Error(400, "InvalidArgument", "Invalid id", { resource: null });
const MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema.";
/** `resource`: the path that binds nothing, or the bucket. */
export const malformedXml = (resource: string | null, message = MALFORMED) =>
  new S3Error(400, "MalformedXML", message, { resource });
export const malformedAcl = (resource: string) => new S3Error(400, "MalformedACLError", MALFORMED, { resource });
export const unresolvableGrant = () =>
  new S3Error(
    400,
    "UnresolvableGrantByEmailAddress",
    "The e-mail address you provided does not match any account on record.",
    { resource: null },
  );
export const invalidTag = () =>
  new S3Error(400, "InvalidTagError", "The tag provided was not a valid tag", NO_RESOURCE);
export const corsMethodUnsupported = (method: string) =>
  new S3Error(
    400,
    "InvalidRequest",
    `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
    NO_RESOURCE,
  );
const NO_ELEMENT: Extras = { resource: null };
export const preflightIncomplete = (message: string) => new S3Error(400, "BadRequest", message, NO_ELEMENT);
export const corsForbidden = (message: string) =>
  new S3Error(403, "AccessForbidden", `CORSResponse: ${message}`, NO_ELEMENT);
export const invalidBucketState = () =>
  new S3Error(409, "InvalidBucketState", "The request is not valid with the current state of the bucket.");
export const illegalVersioning = (status: string) =>
  new S3Error(
    400,
    "IllegalVersioningConfigurationException",
    "Indicates that the Versioning configuration specified in the request is invalid.",
    { resource: status },
  );
export const missingContentLength = () =>
  new S3Error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
export const badDecodedLength = (what: "Missing" | "Invalid") =>
  new S3Error(411, "MissingContentLength", `${what} x-amz-decoded-content-length header`, NO_RESOURCE);
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
export const headerNotImplemented = (resource: string) =>
  new S3Error(501, "NotImplemented", "A header you provided implies functionality that is not implemented.", {
    resource,
  });
const partResource = (number: number): Extras => ({ resource: `partNumber: ${number}` });
export const invalidPart = (number: number) =>
  new S3Error(
    400,
    "InvalidPart",
    "One or more of the specified parts could not be found. The part might not have been uploaded, " +
      "or the specified entity tag might not have matched the part's entity tag.",
    partResource(number),
  );
export const invalidPartOrder = (number: number) =>
  new S3Error(
    400,
    "InvalidPartOrder",
    "The list of parts was not in ascending order.Parts list must specified in order by part number.",
    partResource(number),
  );
export const entityTooSmall = (uploadId: string, number: number) =>
  new S3Error(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed object size.", {
    resource: `uploadId: ${uploadId} partNumber: ${number}`,
  });
export const nothingConfigured = (code: string, message: string, resource: string) =>
  new S3Error(404, code, message, { resource });
