import type { Operation } from "../operation.ts";
import { ownBucketOf } from "../store.ts";
import { UNSUPPORTED } from "../unsupported.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";

/** Features that answer "none" though they cannot be set. */
export const CONSTANT_OPERATIONS: readonly Operation[] = Object.values(UNSUPPORTED).flatMap(
  ({ name, anyBucket, answer }) =>
    answer === undefined
      ? []
      : {
          name,
          run(request) {
            if (!anyBucket) ownBucketOf(request);
            const { status, root, content = {} } = answer(request.bucketName);
            return root === undefined ? emptyAnswer(status) : xmlAnswer(root, content, status);
          },
        },
);
