const USER_INFO = /\b(https?:[/\\]{0,9})[^/?#\s\\]*@/gi;

/** A text, or an address, as it may be published: no web address in it has a user name or a password. */
export function withoutPasswords(text: string): string {
  return text.replace(USER_INFO, "$1");
}
