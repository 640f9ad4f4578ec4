const MAX_LENGTH = 1_000;
const LONG = /<(author|managingEditor|webMaster)\b[^<>]*>(?!.{0,1000}<\/\1)/is;
const TOKEN = /<!\[CDATA\[|<!--|<(\/?)(author|managingEditor|webMaster)\b[^<>]*>/gi;
const ENDS: Readonly<Record<string, string>> = { "<![CDATA[": "]]>", "<!--": "-->" };

/** Empties people of RSS whose text nobody's name needs: the parser looks for the end of each bracket in all the rest. */
export function withoutLongPeople(text: string): string {
  if (!LONG.test(text)) return text;
  const out: string[] = [];
  let [end, start] = [0, 0];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const until = ENDS[match[0].toUpperCase()];
    if (until !== undefined) {
      const at = text.indexOf(until, TOKEN.lastIndex);
      if (at === -1) break;
      TOKEN.lastIndex = at;
    } else if (match[1] === "") start = TOKEN.lastIndex;
    else if (match.index - start > MAX_LENGTH && start > end) {
      out.push(text.slice(end, start));
      end = match.index;
    }
  }
  return out.join("") + text.slice(end);
}
