import { ACCOUNT_ID } from "../../world/world.ts";
import { checkAccess, grantsInHeaders, grantsOfNew, OWNER } from "../acl.ts";
import {
  accessOrLimit,
  entityTooSmall,
  invalidArgument,
  invalidPart,
  invalidPartOrder,
  invalidRequest,
  missingContentLength,
  unknownFailure,
} from "../errors.ts";
import { keptHeaders } from "../keptHeaders.ts";
import { cappedLimit } from "../listing.ts";
import type { StoredBytes } from "../objectBytes.ts";
import type { Operation, S3Request } from "../operation.ts";
import { bucketOf, newVersionId, putVersion, removeUpload, setPart, setUpload, uploadOf } from "../store.ts";
import type { Bucket, Part, Upload } from "../types.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";
import { elementsAt, parsedXml, textAt } from "../xmlBody.ts";

/** Bytes of every part but the last (Corymbia/eucalyptus `ObjectStorageGateway.java`). */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;
const LAST_PART_NUMBER = 10_000;
/** As IAM names the one user. */
const INITIATOR = { ID: `arn:aws:iam::${ACCOUNT_ID}:user/planet`, DisplayName: "planet" };
/** Of an upload that names none. */
const PARTS_TYPE = "binary/octet-stream";

/*
 * ETags, orders of checks and this type: observed on Eucalyptus 5.1.0, 2026-11-28. The rest: Corymbia/eucalyptus
 * `ObjectStorageGateway.java`, `DbMpuPartMetadataManagerImpl.java`, `osg-s3ns-binding-inc.xml`.
 */

export const createMultipartUpload: Operation = {
  name: "CreateMultipartUpload",

  run(request) {
    const { world, head, bucketName, key } = request;
    const wanted = grantsInHeaders(head);
    checkAccess(request.caller, bucketOf(request).grants, "WRITE");
    const upload: Upload = {
      uploadId: world.nextToken().slice(0, 32),
      bucketName,
      key,
      initiated: world.now().toISOString(),
      headers: new Map([["Content-Type", PARTS_TYPE], ...keptHeaders(head, "multipart")]),
      grants: grantsOfNew(wanted, `${bucketName}/${key}`),
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
    const numbers = numbersIn(request.body);
    const upload = uploadOf(request);
    const parts = chosenParts(request, upload, numbers);
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

/** Read before the upload is looked up. @throws {S3Error} 400 `UNKNOWN` */
function numbersIn(body: Buffer): number[] {
  const document = parsedXml(body);
  if (!document) throw unknownFailure("Unable to parse part list Malformed part list", 400);
  return elementsAt(document, "CompleteMultipartUpload", "Part").map((part) => {
    const text = textAt(part, "PartNumber");
    if (!/^[+-]?\d{1,9}$/.test(text))
      throw unknownFailure(`Unable to parse part list For input string: "${text}"`, 400);
    return Number(text);
  });
}

/** One after the other, each with all its checks. ETags of parts are not compared. */
function chosenParts({ bucketName, key }: S3Request, { uploadId, parts }: Upload, numbers: readonly number[]): Part[] {
  if (numbers.length === 0) {
    throw invalidRequest(`${bucketName}/${key}?uploadId=${uploadId}`, "You must specify at least one part");
  }
  return numbers.map((number, index) => {
    if (!isPartNumber(number)) throw partNumberWrong();
    if (number <= (numbers[index - 1] ?? 0)) throw invalidPartOrder(number);
    const part = parts.get(number);
    if (!part) throw invalidPart(number);
    if (index < numbers.length - 1 && part.size < SMALLEST_PART_BYTES) throw entityTooSmall(uploadId, number);
    return part;
  });
}

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
    const given = (name: string) => request.parameters.get(name) || undefined;
    const limit = cappedLimit(given("max-parts"), () => invalidArgument("max-parts"));
    const after = Number(given("part-number-marker") ?? 0);
    if (!Number.isInteger(after)) throw invalidArgument("part-number-marker");
    const upload = uploadOf(request);
    const parts = [...upload.parts.values()].toSorted((left, right) => left.number - right.number);
    const left = parts.filter(({ number }) => number > after);
    const page = left.slice(0, limit);
    const isTruncated = page.length < left.length;
    return xmlAnswer("ListPartsResult", {
      Bucket: upload.bucketName,
      Key: upload.key,
      UploadId: upload.uploadId,
      Initiator: INITIATOR,
      Owner: OWNER,
      StorageClass: "STANDARD",
      PartNumberMarker: after,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
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

/** All markers are there, also the empty ones. */
export const listMultipartUploads: Operation = {
  name: "ListMultipartUploads",

  run(request) {
    const bucket = bucketOf(request);
    checkAccess(request.caller, bucket.grants, "READ");
    const given = (name: string) => request.parameters.get(name);
    const limit = cappedLimit(given("max-uploads"), () => invalidArgument("max-uploads"));
    const page = pageOfUploads(uploadsOf(request, bucket), {
      prefix: given("prefix") ?? "",
      delimiter: given("delimiter") ?? "",
      after: [given("key-marker") ?? "", given("upload-id-marker") ?? ""],
      limit,
    });
    return xmlAnswer("ListMultipartUploadsResult", {
      Bucket: bucket.name,
      KeyMarker: given("key-marker") ?? "",
      UploadIdMarker: given("upload-id-marker") ?? "",
      NextKeyMarker: page.last?.key ?? "",
      NextUploadIdMarker: page.last?.uploadId ?? "",
      Delimiter: given("delimiter"),
      Prefix: given("prefix"),
      MaxUploads: limit,
      IsTruncated: page.isTruncated,
      Upload: page.uploads.map(({ key, uploadId, initiated }) => ({
        Key: key,
        UploadId: uploadId,
        Initiator: INITIATOR,
        Owner: OWNER,
        StorageClass: "STANDARD",
        Initiated: initiated,
      })),
      CommonPrefixes: page.commonPrefixes.map((Prefix) => ({ Prefix })),
    });
  },
};

function uploadsOf({ world }: S3Request, { name }: Bucket): Upload[] {
  const uploads = [...world.state.uploads.values()].filter(({ bucketName }) => bucketName === name);
  return uploads.toSorted((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
}

const sortKey = ({ key, uploadId }: Upload): string => `${key}\0${uploadId}`;

interface UploadPage {
  readonly uploads: readonly Upload[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  readonly last: Upload | undefined;
}

/** An upload id alone, without a key to follow, says nothing. */
function pageOfUploads(
  all: readonly Upload[],
  { prefix, delimiter, after: [key, uploadId], limit }: PageOfUploads,
): UploadPage {
  const isAfter = (upload: Upload) =>
    upload.key > key || (upload.key === key && uploadId !== "" && upload.uploadId > uploadId);
  const left = all.filter((upload) => upload.key.startsWith(prefix) && (key === "" || isAfter(upload)));
  const uploads: Upload[] = [];
  const commonPrefixes = new Set<string>();
  for (const upload of left) {
    const end = delimiter === "" ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : upload.key.slice(0, end + delimiter.length);
    if (common !== undefined && commonPrefixes.has(common)) continue;
    if (uploads.length + commonPrefixes.size >= limit) {
      return { uploads, commonPrefixes: [...commonPrefixes], isTruncated: true, last: uploads.at(-1) };
    }
    if (common === undefined) uploads.push(upload);
    else commonPrefixes.add(common);
  }
  return { uploads, commonPrefixes: [...commonPrefixes], isTruncated: false, last: uploads.at(-1) };
}

interface PageOfUploads {
  readonly prefix: string;
  readonly delimiter: string;
  readonly after: readonly [key: string, uploadId: string];
  readonly limit: number;
}

function checkPart(request: S3Request): { upload: Upload; number: number } {
  bucketOf(request);
  const text = request.parameters.get("partNumber") ?? "";
  if (!isPartNumber(/^[+-]?\d{1,9}$/.test(text) ? Number(text) : 0)) throw partNumberWrong();
  return { upload: uploadOf(request, accessOrLimit(request.bucketName)), number: Number(text) };
}

const isPartNumber = (number: number): boolean => number >= 1 && number <= LAST_PART_NUMBER;
const partNumberWrong = () =>
  invalidArgument("PartNumber", `Part number must be an integer between 1 and ${LAST_PART_NUMBER}, inclusive`);
