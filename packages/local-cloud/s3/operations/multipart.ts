import { createHash } from "node:crypto";
import { headerOf } from "../../wire/target.ts";
import { checkAccess, grantsFromHeaders, OWNER, privateGrants } from "../acl.ts";
import {
  accessDenied,
  entityTooSmall,
  invalidArgument,
  invalidPart,
  invalidPartOrder,
  invalidRange,
  invalidRequest,
  malformedXml,
  missingContentLength,
  noSuchUpload,
} from "../errors.ts";
import { keptHeaders } from "../keptHeaders.ts";
import type { StoredBytes } from "../objectBytes.ts";
import type { Operation, S3Request } from "../operation.ts";
import { bucketOf, newVersionId, putVersion } from "../store.ts";
import type { Part, Upload } from "../types.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";
import { nodesAt, parseXml, textAt } from "../xmlBody.ts";
import { checkSourceConditions, copySource } from "./copyObject.ts";

/** Bytes of every part but the last (Corymbia/eucalyptus `ObjectStorageGateway.java`). */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;
const LAST_PART_NUMBER = 10_000;

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
      headers: keptHeaders(head, "multipart"),
      grants: grantsFromHeaders(head) ?? privateGrants(),
      parts: new Map(),
    };
    world.state.uploads.set(upload.uploadId, upload);
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

export const uploadPartCopy: Operation = {
  name: "UploadPartCopy",

  async run(request) {
    const { upload, number } = checkPart(request);
    const { version } = copySource(request);
    checkSourceConditions(request.head, version);
    const whole = await request.bytes.read(version.file ?? "");
    const stored = await request.bytes.store([sliceOf(whole, headerOf(request.head, "x-amz-copy-source-range"))]);
    const part = addPart(request, upload, number, stored);
    return xmlAnswer("CopyPartResult", { ETag: `"${part.etag}"`, LastModified: part.modified });
  },
};

function sliceOf(whole: Buffer, range: string | undefined): Buffer {
  if (range === undefined) return whole;
  const [, from = "", to = ""] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (from === "" || Number(to) >= whole.length || Number(from) > Number(to)) throw invalidRange(range);
  return whole.subarray(Number(from), Number(to) + 1);
}

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
  upload.parts.set(number, part);
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
    const joined = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex")));
    const etag = `${createHash("md5").update(joined).digest("hex")}-${parts.length}`;
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
    request.unused.push(...putVersion(bucket, key, version), ...filesOfUpload(upload));
    world.state.uploads.delete(upload.uploadId);
    const Location = `${world.identity.s3Url}${bucketName}/${key}`;
    return xmlAnswer("CompleteMultipartUploadResult", { Location, Bucket: bucketName, Key: key, ETag: etag });
  },
};

function chosenParts(request: S3Request, upload: Upload): Part[] {
  const wanted = nodesAt(parseXml(request.body, "CompleteMultipartUpload", malformedXml), "Part").map((part) => ({
    number: Number(textAt(part, "PartNumber")),
    etag: (textAt(part, "ETag") ?? "").replaceAll('"', ""),
  }));
  if (wanted.length === 0) throw invalidRequest("You must specify at least one part");
  if (wanted.some(({ number }, index) => number <= (wanted[index - 1]?.number ?? 0))) throw invalidPartOrder();
  const parts = wanted.map(({ number, etag }) => {
    const part = upload.parts.get(number);
    if (part?.etag !== etag) throw invalidPart();
    return part;
  });
  if (parts.slice(0, -1).some(({ size }) => size < SMALLEST_PART_BYTES)) throw entityTooSmall();
  return parts;
}

export const abortMultipartUpload: Operation = {
  name: "AbortMultipartUpload",

  run(request) {
    const upload = uploadOf(request);
    request.world.state.uploads.delete(upload.uploadId);
    request.unused.push(...filesOfUpload(upload));
    return emptyAnswer(204);
  },
};

export const listParts: Operation = {
  name: "ListParts",

  run(request) {
    const upload = uploadOf(request);
    const parts = [...upload.parts.values()].toSorted((left, right) => left.number - right.number);
    return xmlAnswer("ListPartsResult", {
      Bucket: upload.bucketName,
      Key: upload.key,
      UploadId: upload.uploadId,
      Initiator: OWNER,
      Owner: OWNER,
      StorageClass: "STANDARD",
      IsTruncated: false,
      Part: parts.map(({ number, modified, etag, size }) => ({
        PartNumber: number,
        LastModified: modified,
        ETag: `"${etag}"`,
        Size: size,
      })),
    });
  },
};

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

const filesOfUpload = (upload: Upload): string[] => [...upload.parts.values()].map(({ file }) => file);
