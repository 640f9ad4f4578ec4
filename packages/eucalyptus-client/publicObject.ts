/** What any visitor may ask of the object storage, without keys; loads a fraction of the client. */
export { isCloudError } from "./cloudError.ts";
export { readPublicObject } from "./s3/readPublicObject.ts";
