export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Empty for anything but an object. */
export const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

/** Empty for anything but an array. */
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
