const RSS = "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>x</title><item><title>x</title>";
const ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><title>x</title>";
const XHTML = `${ATOM}<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>`;
const END = "</item></channel></rss>";

/** What makes readers of feeds slow: what stands before it, one piece to repeat, what stands behind it. */
export const WORST: Readonly<Record<string, readonly [before: string, piece: string, after: string]>> = {
  "a prolog of comments": ["", "<!-- ", ""],
  "a prolog of DOCTYPEs": ["", "<!DOCTYPE x[", ""],
  "DOCTYPEs in a channel": [RSS, "<!DOCTYPE x[", END],
  "instructions without an end": ["", "<?x ", ""],
  "a web page of links": ["<!doctype html><html><head>", "<link rel=alternate type=x href=y>", ""],
  "a name of signs": [`${RSS}<author>`, "@", `</author>${END}`],
  "a name of addresses": [`${RSS}<author>`, "a@", `</author>${END}`],
  "a name of spaces": [`${RSS}<author>a`, " ", `b</author>${END}`],
  "a name of brackets": [`${RSS}<author>`, "([{", `</author>${END}`],
  "a name of escaped tags": [`${RSS}<author>`, "&lt;a b=", `</author>${END}`],
  "rights of signs": [`${ATOM}<rights>`, "a@", "</rights></entry></feed>"],
  "a date of numbers": [`${RSS}<pubDate>`, " 1", `</pubDate>${END}`],
  categories: [RSS, "<category>&lt;b a=</category>", END],
  "open entries": [RSS, "<item><a>", END],
  "open fields": [RSS, "<title><link>", END],
  "open elements": [RSS, "<a>", END],
  "ends of what was never open": [RSS, "</a>", END],
  entries: [RSS, "</item><item><title>a</title>", END],
  "links of an entry": [ATOM, "<link href='x'/>", "</entry></feed>"],
  "less-than signs": [`${RSS}<description>`, "<", `</description>${END}`],
  "less-than signs in a reading list": ["<opml><body>", "<", "</body></opml>"],
  "ends of descriptions": [RSS, "</description> ", END],
  "unknown elements": [RSS, "<body><summary>", END],
  "unknown elements, each with an end": [RSS, "<body>a</body><summary/>", END],
  "open CDATA": [`${RSS}<body>`, "<![CDATA[", `</body>${END}`],
  "base64 modes": [`${ATOM}<content`, " mode='base64'", "></content></entry></feed>"],
  "base64 text": [`${ATOM}<content type='x/y'>`, "QUJD", "</content></entry></feed>"],
  "empty elements of XHTML": [XHTML, "<a b='/'/>", "</div></content></entry></feed>"],
  "open attributes of XHTML": [XHTML, "<a b='/", "</div></content></entry></feed>"],
  "media contents": [RSS, "<media:content url='http://a.test/1.jpg' width='10'/>", END],
  "outlines in outlines": ["<opml><body>", "<outline xmlUrl='http://a.test/'>", "</body></opml>"],
  outlines: ["<opml><body>", "<outline xmlUrl='feed:feed:'/>", "</body></opml>"],
  "halves of characters": [`${RSS}<description>`, "\u00ed\u00a0\u00bd", `</description>${END}`],
  "controls": [`${RSS}<description>`, "\u0001", `</description>${END}`],
};
