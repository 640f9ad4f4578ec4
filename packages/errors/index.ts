export { codeOf } from "./codeOf.ts";
export { ExplainedError, type Explanation, inOneLine } from "./explainedError.ts";
export { messageOf } from "./messageOf.ts";
export { byNearness, nearestName } from "./nearestName.ts";
