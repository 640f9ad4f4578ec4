import { keyIdOf, newPrivateKey, openSealed, seal } from "@planet/content";
import { isRecord } from "@planet/content/json";

/** Below the prefix of the permit: the planet's account with the certificate authority, for every server of the planet. */
export const ACCOUNT_OBJECT = "account.json";

interface Facts {
  /** The certificate key, 64 hex digits. */
  readonly key: string;
  /** Directory of the authority that knows the account. */
  readonly directory: string;
}

const clearText = ({ key, directory }: Facts): string => JSON.stringify({ schema: 1, keyId: keyIdOf(key), directory });

/** The text of the object for an account's key. */
export function sealAccount(accountKey: string, facts: Facts): string {
  const clear = clearText(facts);
  return `${clear.slice(0, -1)},"sealed":${JSON.stringify(seal(accountKey, clear, facts.key))}}\n`;
}

/** The account's key (PEM); undefined for what is sealed with another key, belongs to another authority or was changed. */
export function openAccount(text: string, facts: Facts): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || typeof value.sealed !== "string") return undefined;
    return openSealed(value.sealed, clearText(facts), facts.key);
  } catch {
    return undefined;
  }
}

/** A new account needs nothing but a new key. */
export const newAccount = newPrivateKey;
