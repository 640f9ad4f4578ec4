import { generateKeyPairSync } from "node:crypto";

/** The line of a new `id_rsa.pub`. */
export function sshLine(bits: number): string {
  const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ format: "jwk" });
  const field = (bytes: Buffer) => {
    const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(padded.length);
    return Buffer.concat([length, padded]);
  };
  const blob = Buffer.concat([
    field(Buffer.from("ssh-rsa")),
    field(Buffer.from(e, "base64url")),
    field(Buffer.from(n, "base64url")),
  ]);
  return `ssh-rsa ${blob.toString("base64")} me@here`;
}
