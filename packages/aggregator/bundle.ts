import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256Of } from "@planet/content";
import type { Plugin } from "esbuild";
import { THEME_FILES } from "./render/theme/files.ts";

export interface Bundle {
  readonly bytes: Uint8Array;
  /** 64 hex digits; part of the user-data, so other bytes are a new server. */
  readonly sha256: string;
}

/**
 * The whole engine as one CommonJS file for Node 18, the version of Debian 12. Equal sources give equal bytes wherever
 * the checkout lies: everything is minified, without comments, and no path gets into the output.
 *
 * esbuild is loaded only here: it is a native program, and most runs of the stack's reader need none.
 */
export async function buildBundle(): Promise<Bundle> {
  const { build } = await import("esbuild");
  const here = dirname(fileURLToPath(import.meta.url));
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: ["main.ts"],
    bundle: true,
    write: false,
    platform: "node",
    target: "node18",
    format: "cjs",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    loader: { ".css": "text", ".ico": "binary", ".liquid": "text", ".png": "binary" },
    tsconfigRaw: "{}", // a tsconfig.json above the checkout must not change the bytes
    logLevel: "silent",
    logOverride: { "empty-import-meta": "silent" }, // guarded in the code: CommonJS has __filename instead
    plugins: [themeInside],
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { bytes, sha256: sha256Of(bytes) };
}

/** Node reads the theme's files beside the sources; in the bundle their contents are part of the module. */
const themeInside: Plugin = {
  name: "theme-inside",
  setup(build) {
    build.onLoad({ filter: /[\\/]render[\\/]theme[\\/]files\.ts$/ }, ({ path }) => ({
      contents: `const files = {${THEME_FILES.map((name) => `"${name}": require("./${name}")`)}};
        export const themeFile = (name) => Buffer.from(files[name]);`,
      resolveDir: dirname(path),
    }));
  },
};
