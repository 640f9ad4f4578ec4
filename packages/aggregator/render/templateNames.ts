export const LIQUID = ".liquid";
export const CLASSIC = ".tmpl";

export const isMarkdown = (name: string): boolean => name.endsWith(".md");
export const isTemplate = (name: string): boolean => name.endsWith(LIQUID) || name.endsWith(CLASSIC);
