/** One kind of digits and of space, no remarks in brackets, and the signs of Chinese, Japanese and Korean as in ISO 8601. */
export function plainDate(raw: string): string {
  const text = withLatinDigits(raw.slice(0, 300))
    .replace(/&(?:amp;)?#(?:43|x2b);/gi, "+")
    .replace(/\([^()]{0,100}\)/g, " ")
    .replace(/\s+/g, " ")
    // A typographer's minus.
    .replace(/[−–](?=\d{2}:?\d{2}$)/, "-")
    .replace(ORACLE, "$1 $2:$3:$4 $5")
    .replace(/(تشرين|كانون) (?=ال)/g, "$1_")
    // "Day", before the name of a day in Hebrew.
    .replace(/^יום /, "")
    .replace(/(:\d{2}) ?([صم])(?!\p{L})/u, (_whole, minute, half) => `${minute} ${half === "ص" ? "am" : "pm"}`)
    .replace(DOTTED_TIME, (_whole, day, hour, minute, second = "00") => `${day} ${hour}:${minute}:${second}`)
    .trim();
  if (!/[年月日时時년월일시전후午]/.test(text)) return text;
  const iso = text
    .replace(/(\d) ?[年月년월] ?(?=\d)/g, "$1-")
    .replace(/(\d) ?[日일]/g, "$1 ")
    .replace(/(\d) ?[时時点시] ?(\d{1,2}) ?[分분]?/g, "$1:$2")
    .replace(/(\d{1,2}:\d{2}) ?(\d{1,2}) ?[秒초]/g, "$1:$2")
    .replace(/(?:오전|午前|上午) ?(\d{1,2}(?::\d{2}){1,2})/g, "$1 am")
    .replace(/(?:오후|午後|下午) ?(\d{1,2}(?::\d{2}){1,2})/g, "$1 pm")
    .replace(/\s+/g, " ")
    .trim();
  // Korean sites that write so do not name their zone.
  return /[년오]/.test(text) && /:\d{2}(?: [ap]m)?$/.test(iso) ? `${iso} KST` : iso;
}

/** Zeros of Arabic, Persian and Devanagari, each before the nine others. */
const ZEROS = [0x660, 0x6f0, 0x966];

function withLatinDigits(text: string): string {
  return text
    .replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) => {
      const code = digit.charCodeAt(0);
      return String(code - (ZEROS.findLast((zero) => zero <= code) ?? 0));
    })
    .replaceAll("،", ",");
}

/** How Oracle's databases write a moment: `26-NOV-26 02.05.09.000000 PM`. */
const ORACLE = /^(\d{1,2}-[a-z]{3}-\d{2}(?:\d{2})?) (\d{1,2})\.(\d{2})\.(\d{2})(?:\.\d{1,9})? ([ap]m)\b/i;

/** As in Italy, Denmark and Finland, behind the year: `26.11.2026 klo 14.05`. */
const DOTTED_TIME =
  /(\d{4}(?:[-.]\d{2}){0,2}),?(?: alle| klo?\.?)? ([01]?\d|2[0-3])\.([0-5]\d)(?:\.([0-5]\d))?(?![.\d])/;
