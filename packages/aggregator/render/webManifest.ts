import type { PageModel } from "./types.ts";

/** site.webmanifest (W3C Web Application Manifest): name and icon of the planet on a home screen. */
export function webManifest({ name, about, language, dir }: PageModel): string {
  const manifest = {
    name,
    description: about,
    lang: language,
    dir,
    start_url: "./",
    display: "browser",
    icons: [{ src: "icon.png", sizes: "512x512", type: "image/png" }],
  };
  return `${JSON.stringify(manifest, null, 1)}\n`;
}
