/**
 * A site folder and its bucket: planet.ini, the manifest and what a live object is compared with it, status.json.
 * Everything here is pure. Reading the bucket is `@planet/content/live`, reading the folder `@planet/content/siteFolder`.
 */
export {
  CERTIFICATE_OBJECT,
  type CertificateFacts,
  type CertificateObject,
  isMeantFor,
  openCertificate,
  readCertificateObject,
  sealCertificate,
} from "./certificate/certificateObject.ts";
export { certificateRequest, newPrivateKey } from "./certificate/certificateRequest.ts";
export { checkCertificate, missingIssuer } from "./certificate/checkCertificate.ts";
export { ORDER_OBJECT, type OrderRecord, readOrderRecord, writeOrderRecord } from "./certificate/orderRecord.ts";
export type { PemPair } from "./certificate/pem.ts";
export { renewalId } from "./certificate/renewalId.ts";
export { keyIdOf, openSealed, SealError, seal } from "./certificate/seal.ts";
export { sameCategory } from "./ini/categories.ts";
export { addFeed, addFeeds, canStand, IniEditError, type NewFeed, removeFeed } from "./ini/editPlanetIni.ts";
export { normalizeFeedUrl } from "./ini/feedUrl.ts";
export { filesNamedBy, type NamedFile } from "./ini/filesNamedBy.ts";
export { readPatterns } from "./ini/patterns.ts";
export { readPlanetIni } from "./ini/readPlanetIni.ts";
export type { FeedConfig, PlanetConfig, TextType } from "./ini/types.ts";
export { isOperatorEdit, judgeLiveObject } from "./manifest/judge.ts";
export {
  contentDigest,
  type Manifest,
  ManifestError,
  type ManifestFile,
  parseManifest,
  pinnedManifest,
  REPLACES_LIMIT,
  serializeManifest,
  sha256Of,
} from "./manifest/manifest.ts";
export { contentProblems, contentType, FORGOTTEN, isPlanetsOwn, nameProblem } from "./manifest/names.ts";
export {
  CREDENTIAL,
  certificateKey,
  certificateKeyText,
  memoryPrefix,
  PERMIT_FILE,
  type Permit,
  type PermitKind,
  permitIn,
  permitPrefix,
  policyField,
  policyOf,
  readBackSeconds,
  readPermit,
  scopeOf,
  signatureOf,
  writePermit,
} from "./permit.ts";
export { namedFiles, type Refusal, refuseEdit } from "./refuseEdit.ts";
export { formatProblem, iniProblems, type SiteFile, type SiteProblem, siteProblems } from "./siteRules.ts";
export {
  type FeedState,
  isStale,
  readStatusJson,
  type ServedCertificate,
  type ServedFeed,
  type ServedStatus,
  type StatusFeed,
  type StatusJson,
} from "./statusJson.ts";
export { textOf } from "./text/textOf.ts";
export { decodeWindows1252 } from "./text/windows1252.ts";
export { userAgentOf } from "./userAgent.ts";
