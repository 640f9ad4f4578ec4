import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { CertificateStatusFile } from "../certificate/report.ts";
import { shownCertificate } from "./certificate.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planet-certificate-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date("2026-12-01T12:00:00Z");
const said: CertificateStatusFile = {
  ...{ schema: 1, at: "2026-12-01T11:59:00.000Z", troubles: [] },
  certificate: { state: "on", names: ["planet.example.org"], not_after: "2027-02-27T00:00:00.000Z" },
};
const settings = (host = ["planet.example.org"]) => ({
  ...{ host, certificateStatus: join(folder, "status.json"), intervalSeconds: 300 },
});
const shown = (file: CertificateStatusFile) => {
  writeFileSync(settings().certificateStatus, JSON.stringify(file));
  return shownCertificate(settings(), now);
};

test("without a host there is nothing to show, whatever lies there", async () => {
  writeFileSync(settings().certificateStatus, JSON.stringify(said));
  expect(await shownCertificate(settings([]), now)).toEqual({ certificate: undefined, notices: [] });
});

test.each(["", "{"])("before the unit has run there is no certificate (%j)", async (text) => {
  if (text !== "") writeFileSync(settings().certificateStatus, text);
  const { certificate, notices } = await shownCertificate(settings(), now);
  expect(certificate).toMatchObject({ state: "none", names: ["planet.example.org"], message: expect.any(String) });
  expect(notices).toEqual([]);
});

test("what the unit has said is shown as it is", async () => {
  expect(await shown(said)).toEqual({ certificate: said.certificate, notices: [] });
});

test("each of its troubles is a part that works only in part", async () => {
  const { notices } = await shown({ ...said, troubles: [{ code: "elsewhere", message: "leads elsewhere" }] });
  expect(notices).toEqual([{ name: "", code: "certificate-elsewhere", message: "leads elsewhere" }]);
});

test.each([
  ["2026-12-01T11:44:00.000Z", ["certificate-stale"]],
  ["2026-12-01T11:46:00.000Z", []],
])("a unit that last ended at %s: %j", async (at, codes) => {
  expect((await shown({ ...said, at })).notices.map(({ code }) => code)).toEqual(codes);
});
