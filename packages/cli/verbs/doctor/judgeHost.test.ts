import { describe, expect, test } from "@jest/globals";
import { judgeHost } from "./judgeHost.ts";
import type { HostFacts } from "./readHost.ts";
import { refused, subject } from "./testing/testDoctor.ts";

const ACME = "https://acme-v02.api.letsencrypt.org/directory";
const name = { name: "planet.example.org", addresses: { value: ["192.0.2.9"] }, authorities: { value: [] } };
const well: HostFacts = { names: [name], place: { addresses: ["192.0.2.9"] }, tls: { value: {} } };
const judged = (more: Partial<HostFacts>, acmeDirectory = ACME) =>
  judgeHost({ ...well, ...more }, subject({ acmeDirectory }));
const named = (more: Partial<typeof name> | object) => ({ names: [{ ...name, ...more }] });

describe("judgeHost", () => {
  test("is content with a name that leads to the planet, and a certificate that is trusted", () => {
    expect(judged({}).map(({ level }) => level)).toEqual(["ok", "ok"]);
    expect(judged(named({ authorities: { value: ["letsencrypt.org"] } })).map(({ level }) => level)).toEqual([
      ...["ok", "ok", "ok"],
    ]);
  });

  test.each<[string, Partial<HostFacts>, RegExp]>([
    ["a name without a record", named({ addresses: { value: [] } }), /no A record/],
    [
      "a name that leads elsewhere",
      named({ addresses: { value: ["192.0.2.7"] } }),
      /192\.0\.2\.7, not to 192\.0\.2\.9/,
    ],
    [
      "one that leads elsewhere, too",
      named({ addresses: { value: ["192.0.2.9", "192.0.2.7"] } }),
      /also to 192\.0\.2\.7/,
    ],
    ["another authority's CAA", named({ authorities: { value: ["sectigo.com"] } }), /allow sectigo\.com, and not/],
    ["a closed port", { tls: refused(new Error("ETIMEDOUT")) }, /port 443 of 192\.0\.2\.9/],
    [
      "a chain that nobody trusts",
      { tls: { value: { distrust: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } } },
      /does not trust/,
    ],
  ])("%s is a problem", (_, facts, words) => {
    const problems = judged(facts).filter(({ level }) => level === "problem");
    expect(problems).toEqual([
      expect.objectContaining({ text: expect.stringMatching(words), next: expect.any(String) }),
    ]);
  });

  test("behind a balancer a name leads to some of its addresses, by a CNAME", () => {
    const balancer = "planet-prod-000000000042.lb.cloud.internal";
    const behind = (...found: string[]) =>
      judged({ ...named({ addresses: { value: found } }), place: { addresses: ["192.0.2.8", "192.0.2.9"], balancer } });
    expect(behind("192.0.2.9")[0]).toMatchObject({ level: "ok", text: expect.stringContaining(balancer) });
    const next = expect.stringContaining(`a CNAME of ${balancer}`);
    for (const found of [[], ["192.0.2.7"]]) expect(behind(...found)[0]).toMatchObject({ level: "problem", next });
  });

  test("an authority of one's own is trusted by browsers, not by this machine, and no CAA stops it", () => {
    const facts = {
      ...named({ authorities: { value: ["sectigo.com"] } }),
      tls: { value: { distrust: "SELF_SIGNED" } },
    };
    expect(judged(facts, "off").map(({ level }) => level)).toEqual(["ok", "note"]);
  });

  test("before the first deploy there is no address to lead to, and what cannot be looked up is a note", () => {
    const { tls: _, place: _place, ...first } = well;
    expect(judgeHost(first, subject()).map(({ level }) => level)).toEqual(["note"]);
    expect(judged(named({ addresses: refused(new Error("ETIMEOUT")) }))[0]?.level).toBe("note");
  });
});
