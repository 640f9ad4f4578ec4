import { expect, test } from "@jest/globals";
import { needsPassphrase } from "./secretsProvider.ts";

test.each([
  ["config: {}\n", true],
  ["", true],
  ["secretsprovider: passphrase # ours\n", true],
  ['secretsprovider: "passphrase"\r\n', true],
  ["secretsprovider:\nconfig: {}\n", true],
  ["config:\n  planet:note: |\n    secretsprovider: awskms://x\n", true],
  ["secretsprovider: awskms://alias/x\n", false],
  ['{"secretsprovider": "gcpkms://x"}', false],
  ["config: 'broken\n", true],
])("%j", (text, expected) => expect(needsPassphrase(text)).toBe(expected));
