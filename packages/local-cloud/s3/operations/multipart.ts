import { checkAccess, grantsFromHeaders, OWNER, privateGrants } from "../acl.ts";
import {
  accessDenied,
  entityTooSmall,
  invalidArgument,
  invalidPart,
  invalidPartOrder,
  invalidRequest,
  missingContentLength,
  noSuchUpload,
  unknownFailure,
} from "../errors.ts";
import { keptHeaders } from "../keptHeaders.ts";
import type { StoredBytes } from "../objectBytes.ts";
import type { Operation, S3Request } from "../operation.ts";
import { bucketOf, newVersionId, putVersion, removeUpload, setPart, setUpload } from "../store.ts";
import type { Part, Upload } from "../types.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";
import { isXml, nodesAt, parseXml, textAt } from "../xmlBody.ts";

/** Bytes of every part but the last (Corymbia/eucalyptus `ObjectStorageGateway.java`). */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;
const LAST_PART_NUMBER = 10_000;
/** Of one page. */
const DEFAULT_PARTS = 1000;
/** Of an upload that names none. */
const PARTS_TYPE = "binary/octet-stream";

/* ETags, orders of checks and this type: observed on Eucalyptus 5.1.0, 2026-11-28. */

export const createMultipartUpload: Operation = {
  name: "CreateMultipartUpload",

  run(request) {
    const { world, head, bucketName, key } = request;
    checkWritable(request);
    const upload: Upload = {
      uploadId: world.nextToken().slice(0, 32),
      bucketName,
      key,
      initiated: world.now().toISOString(),
      headers: new Map([["Content-Type", PARTS_TYPE], ...keptHeaders(head, "multipart")]),
      grants: grantsFromHeaders(head) ?? privateGrants(),
      parts: new Map(),
    };
    setUpload(world, upload);
    return xmlAnswer("InitiateMultipartUploadResult", { Bucket: bucketName, Key: key, UploadId: upload.uploadId });
  },
};

export const uploadPart: Operation = {
  name: "UploadPart",
  storesBody: true,
  check: checkPart,

  run(request) {
    const { upload, number } = checkPart(request);
    if (!request.stored) throw missingContentLength();
    const { etag } = addPart(request, upload, number, request.stored);
    return emptyAnswer(200, { ETag: `"${etag}"` });
  },
};

function addPart(request: S3Request, upload: Upload, number: number, stored: StoredBytes): Part {
  const former = upload.parts.get(number);
  if (former) request.unused.push(former.file);
  const part = {
    number,
    etag: stored.md5,
    size: stored.size,
    file: stored.file,
    modified: request.world.now().toISOString(),
  };
  setPart(request.world, upload, part);
  return part;
}

/** The joined object is a new file, so that a reader of the old one is not disturbed. */
export const completeMultipartUpload: Operation = {
  name: "CompleteMultipartUpload",

  async run(request) {
    const { world, bytes, bucketName, key } = request;
    const upload = uploadOf(request);
    const parts = chosenParts(request, upload);
    const stored = await bytes.store(bytes.chunks(parts.map(({ file }) => file)));
    const etag = `uuid-${world.nextToken().slice(0, 32)}`;
    const bucket = bucketOf(request);
    const versionId = newVersionId(world, bucket);
    const { headers, grants } = upload;
    const version = {
      versionId,
      modified: world.now().toISOString(),
      etag,
      size: stored.size,
      file: stored.file,
      headers,
      grants,
    };
    request.unused.push(...putVersion(world, bucket, key, version), ...removeUpload(world, upload));
    const Location = `${world.identity.s3Url}${bucketName}/${key}`;
    const { modified, size } = version;
    return xmlAnswer("CompleteMultipartUploadResult", {
      ...{ LastModified: modified, Size: size, Location, Bucket: bucketName, Key: key, ETag: etag },
    });
  },
};

/** ETags of parts are not compared. */
function chosenParts({ body }: S3Request, upload: Upload): Part[] {
  if (!isXml(body)) throw unknownFailure("The list of parts cannot be read", 400);
  const root = parseXml(body, "CompleteMultipartUpload", noParts);
  const numbers = nodesAt(root, "Part").map((part) => Number(textAt(part, "PartNumber")));
  if (numbers.length === 0) throw noParts();
  const parts = numbers.map((number) => {
    const part = upload.parts.get(number);
    if (!part) throw invalidPart();
    return part;
  });
  if (parts.slice(0, -1).some(({ size }) => size < SMALLEST_PART_BYTES)) throw entityTooSmall();
  if (parts.some(({ number }, index) => number <= (parts[index - 1]?.number ?? 0))) throw invalidPartOrder();
  return parts;
}

const noParts = () => invalidRequest("You must specify at least one part");

export const abortMultipartUpload: Operation = {
  name: "AbortMultipartUpload",

  run(request) {
    const upload = uploadOf(request);
    request.unused.push(...removeUpload(request.world, upload));
    return emptyAnswer(204);
  },
};

export const listParts: Operation = {
  name: "ListParts",

  run(request) {
    const upload = uploadOf(request);
    const limit = countOf(request, "max-parts") ?? DEFAULT_PARTS;
    const after = countOf(request, "part-number-marker") ?? 0;
    const parts = [...upload.parts.values()].toSorted((left, right) => left.number - right.number);
    const left = parts.filter(({ number }) => number > after);
    const page = left.slice(0, limit);
    const isTruncated = page.length < left.length;
    return xmlAnswer("ListPartsResult", {
      Bucket: upload.bucketName,
      Key: upload.key,
      UploadId: upload.uploadId,
      Initiator: OWNER,
      Owner: OWNER,
      StorageClass: "STANDARD",
      PartNumberMarker: after,
      NextPartNumberMarker: isTruncated ? (page.at(-1)?.number ?? after) : undefined,
      MaxParts: limit,
      IsTruncated: isTruncated,
      Part: page.map(({ number, modified, etag, size }) => ({
        PartNumber: number,
        LastModified: modified,
        ETag: `"${etag}"`,
        Size: size,
      })),
    });
  },
};

/** @throws {S3Error} `InvalidArgument` */
function countOf({ parameters }: S3Request, name: string): number | undefined {
  const text = parameters.get(name);
  if (text !== undefined && !/^\d{1,9}$/.test(text)) throw invalidArgument(text);
  return text === undefined ? undefined : Number(text);
}

export const listMultipartUploads: Operation = {
  name: "ListMultipartUploads",

  run(request) {
    const bucket = bucketOf(request);
    if (request.caller === "nobody") throw accessDenied();
    const uploads = [...request.world.state.uploads.values()].filter(({ bucketName }) => bucketName === bucket.name);
    return xmlAnswer("ListMultipartUploadsResult", {
      Bucket: bucket.name,
      IsTruncated: false,
      Upload: uploads.map(({ key, uploadId, initiated }) => ({
        Key: key,
        UploadId: uploadId,
        Initiator: OWNER,
        Owner: OWNER,
        StorageClass: "STANDARD",
        Initiated: initiated,
      })),
    });
  },
};

function checkPart(request: S3Request): { upload: Upload; number: number } {
  const upload = uploadOf(request);
  const number = Number(request.parameters.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > LAST_PART_NUMBER) {
    throw invalidArgument(
      request.parameters.get("partNumber") ?? "",
      `Part number must be an integer between 1 and ${LAST_PART_NUMBER}, inclusive`,
    );
  }
  return { upload, number };
}

function uploadOf(request: S3Request): Upload {
  checkWritable(request);
  const upload = request.world.state.uploads.get(request.parameters.get("uploadId") ?? "");
  if (!upload || upload.bucketName !== request.bucketName || upload.key !== request.key) throw noSuchUpload();
  return upload;
}

function checkWritable(request: S3Request): void {
  checkAccess(request.caller, bucketOf(request).grants, "WRITE");
}
