import { describe, expect, test } from "@jest/globals";
import { type AptSource, parseAptSources, renderAptSources, sourcesForRelease } from "./aptSources.ts";
import { imageRecipe, recipeHash } from "./recipe.ts";

const STANZAS = `# a comment
Types: deb
URIs: http://mirror.example/debian
# another
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
Signed-By: /usr/share/keyrings/mirror.gpg

Types: deb-src
URIs: http://mirror.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: https://third.example/apt
Suites: stable
Components: main
`;

const MIRROR: AptSource = {
  uris: ["http://mirror.example/debian"],
  suites: ["bookworm", "bookworm-updates"],
  components: ["main"],
  signedBy: "/k.gpg",
};

describe("apt's sources", () => {
  test("the host's mirror is taken for another release; third parties and backports are not", () => {
    expect(sourcesForRelease(parseAptSources("debian.sources", STANZAS), "bookworm", "trixie")).toEqual([
      {
        uris: ["http://mirror.example/debian"],
        suites: ["trixie", "trixie-updates"],
        components: ["main"],
        signedBy: "/usr/share/keyrings/mirror.gpg",
      },
    ]);
  });

  test("the one-line notation says the same", () => {
    const line =
      "deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # ours\n#deb http://x y z\n";
    expect(parseAptSources("sources.list", line)).toEqual([
      {
        uris: ["http://mirror.example/debian"],
        suites: ["bookworm"],
        components: ["main", "contrib"],
        signedBy: "/k.gpg",
      },
    ]);
  });

  test("what is rendered reads back equal", () => {
    const sources = [MIRROR];
    expect(parseAptSources("a.sources", renderAptSources(sources))).toEqual(sources);
  });
});

describe("image recipes", () => {
  const host = {
    sources: [MIRROR],
    aptConfiguration: ['Acquire::http::Proxy "http://proxy:3128";'],
    files: [],
  };
  const recipe = imageRecipe("debian-12-cloud-init", host, "");
  const sister = imageRecipe("debian-12-rc-local", host, "#!/bin/sh\n");

  test("images of one release share a base", () => {
    expect(recipeHash(recipe.codename, recipe.base)).toBe(recipeHash(sister.codename, sister.base));
    expect(recipeHash(recipe.codename, recipe.base, recipe.variant)).not.toBe(
      recipeHash(sister.codename, sister.base, sister.variant),
    );
  });

  test("a proxy's password is for root only", () => {
    const modeWith = (proxy: string) =>
      imageRecipe("debian-12-rc-local", { ...host, aptConfiguration: [`Acquire::http::Proxy "${proxy}";`] }, "")
        .base.files.find(({ path }) => path.endsWith("80host"))
        ?.mode.toString(8);
    expect([modeWith("http://proxy:3128"), modeWith("http://me:secret@proxy:3128")]).toEqual(["644", "600"]);
  });

  test("another proxy or another loader is another image", () => {
    const elsewhere = imageRecipe("debian-12-cloud-init", { ...host, aptConfiguration: [] }, "");
    expect(recipeHash("bookworm", elsewhere.base)).not.toBe(recipeHash("bookworm", recipe.base));
    const loader = imageRecipe("debian-12-rc-local", host, "#!/bin/sh\nexit 0\n");
    expect(recipeHash("bookworm", loader.base, loader.variant)).not.toBe(
      recipeHash("bookworm", sister.base, sister.variant),
    );
  });
});
