import { ServiceError } from "../wire/faults.ts";

/** An S3 refusal may carry more elements than code and message: signature errors show what was signed. */
export class S3Error extends ServiceError {
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(status, code, message);
    this.details = details;
  }
}

/* Codes, statuses and texts: Corymbia/eucalyptus `exceptions/s3`. */

export const accessDenied = (message = "Access Denied") => new S3Error(403, "AccessDenied", message);
export const invalidAccessKey = (accessKeyId: string) =>
  new S3Error(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
    AWSAccessKeyId: accessKeyId,
  });
export const missingSecurityHeader = () =>
  new S3Error(400, "MissingSecurityHeader", "Your request is missing a required header.");
export const requestTimeTooSkewed = () =>
  new S3Error(
    403,
    "RequestTimeTooSkewed",
    "The difference between the request time and the server's time is too large.",
  );
export const contentHashMismatch = () =>
  new S3Error(
    400,
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
/** What is fired through the pipeline without an S3 model. */
export const unknownFailure = (message: string) => new S3Error(500, "UNKNOWN", message);
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
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    {
      AWSAccessKeyId: facts.accessKeyId,
      StringToSign: facts.stringToSign,
      SignatureProvided: facts.signature,
      StringToSignBytes: hex(facts.stringToSign),
      ...(facts.canonicalRequest !== undefined && {
        CanonicalRequest: facts.canonicalRequest,
        CanonicalRequestBytes: hex(facts.canonicalRequest),
      }),
    },
  );
}

export const noSuchBucket = () => new S3Error(404, "NoSuchBucket", "The specified bucket does not exist");
export const noSuchKey = () => new S3Error(404, "NoSuchKey", "The specified key does not exist.");
export const noSuchVersion = () => new S3Error(404, "NoSuchVersion", "The specified version does not exist.");
export const noSuchUpload = () =>
  new S3Error(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid.");
export const bucketNotEmpty = () => new S3Error(409, "BucketNotEmpty", "The bucket you tried to delete is not empty.");
export const invalidBucketName = () => new S3Error(400, "InvalidBucketName", "The specified bucket is not valid.");
export const tooManyBuckets = () =>
  new S3Error(400, "TooManyBuckets", "You have attempted to create more buckets than allowed.");
export const invalidArgument = (message: string) => new S3Error(400, "InvalidArgument", message);
export const invalidRequest = (message: string) => new S3Error(400, "InvalidRequest", message);
export const malformedXml = () =>
  new S3Error(400, "MalformedXML", "The XML you provided was not well-formed or did not validate.");
export const malformedAcl = () =>
  new S3Error(400, "MalformedACLError", "The XML you provided was not well-formed or did not validate.");
export const unresolvableGrant = () =>
  new S3Error(400, "UnresolvableGrantByEmailAddress", "The email address you provided does not match any account.");
export const illegalVersioning = () =>
  new S3Error(
    400,
    "IllegalVersioningConfigurationException",
    "The versioning configuration specified in the request is invalid.",
  );
export const missingContentLength = () =>
  new S3Error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
export const preconditionFailed = () =>
  new S3Error(412, "PreconditionFailed", "At least one of the preconditions you specified did not hold.");
export const invalidRange = () => new S3Error(416, "InvalidRange", "The requested range cannot be satisfied.");
export const methodNotAllowed = () =>
  new S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
export const notImplemented = (operation: string) =>
  new S3Error(501, "NotImplemented", `${operation} is not implemented`);
export const invalidPart = () =>
  new S3Error(400, "InvalidPart", "One or more of the specified parts could not be found.");
export const invalidPartOrder = () => new S3Error(400, "InvalidPartOrder", "The list of parts was not in order.");
export const entityTooSmall = () =>
  new S3Error(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed object size.");
export const nothingConfigured = (code: string) => new S3Error(404, code, "The configuration does not exist");
