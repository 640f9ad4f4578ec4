export const LIQUID = ".liquid";
export const CLASSIC = ".tmpl";

export const isTemplate = (name: string): boolean => name.endsWith(LIQUID) || name.endsWith(CLASSIC);
