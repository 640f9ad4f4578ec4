import { isRecord } from "@planet/content/json";

/** Empty for anything but an object. */
export const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

/** Empty for anything but an array. */
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
