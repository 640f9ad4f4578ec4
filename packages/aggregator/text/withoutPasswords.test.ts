import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { withoutPasswords } from "./withoutPasswords.ts";

test.each([
  ["http://me:secret@a.test/feed?x=@b", "http://a.test/feed?x=@b"],
  ["HTTPS://me@a.test", "HTTPS://a.test"],
  ["http://me:p@ss@a.test/", "http://a.test/"],
  ["moved to http://me:secret@a.test/.", "moved to http://a.test/."],
  ['"http://a.test/" and "http://me:secret@b.test/"', '"http://a.test/" and "http://b.test/"'],
  ["http:me:secret@a.test/", "http:a.test/"],
  ["http:\\\\me:secret@a.test/", "http:\\\\a.test/"],
  ["https://medium.test/@ann", "https://medium.test/@ann"],
  ["mail me@a.test", "mail me@a.test"],
])("%s is published as %s", (written, published) => expect(withoutPasswords(written)).toBe(published));

test("no address keeps a password, whatever its characters", () => {
  fc.assert(
    fc.property(fc.webAuthority({ withUserInfo: true }), (authority) => {
      const { username, password } = new URL(withoutPasswords(`http://${authority}/`));
      expect(username + password).toBe("");
    }),
  );
});
