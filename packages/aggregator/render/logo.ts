const LOGOS = ["images/logo.png", "logo.png", "images/logo.webp", "images/logo.jpg"];

/** The picture beside the name. A skin that draws the logo itself, as old skins do, gets no second one. */
export function logoOf(files: ReadonlyMap<string, Uint8Array>): string {
  const skin = Buffer.from(files.get("planet.css") ?? []).toString("utf8");
  if (/url\([^)]{0,500}logo/i.test(skin)) return "none";
  return LOGOS.find((name) => files.has(name)) ?? "";
}
