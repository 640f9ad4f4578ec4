/**
 * Month words as they occur in feeds, without accents. English, German, French, Spanish, Italian, Portuguese, Dutch,
 * Polish, Czech, Hungarian, Swedish; three letters are enough where they are unambiguous.
 */
const MONTH_WORDS: readonly (readonly string[])[] = [
  ["jan", "ene", "gen", "sty", "led", "ιαν"],
  ["feb", "fev", "lut", "uno", "φεβ"],
  ["mar", "mrz", "maa", "mac", "bre", "μαρ"],
  ["apr", "abr", "avr", "kwi", "dub", "απρ"],
  ["may", "mai", "mag", "mei", "maj", "kve", "μαι"],
  ["jun", "juin", "giu", "cze", "cer", "ιουν"],
  ["jul", "juil", "lug", "lip", "cvc", "ιουλ"],
  ["aug", "aou", "ago", "sie", "srp", "αυγ"],
  ["sep", "set", "wrz", "zar", "σεπ"],
  ["oct", "okt", "out", "ott", "paz", "rij", "οκτ"],
  ["nov", "lis", "listopada", "νοε"],
  ["dec", "dez", "dic", "gru", "pro", "δεκ"],
];

/** Month word → 1 to 12. */
export const MONTHS: ReadonlyMap<string, number> = new Map(
  MONTH_WORDS.flatMap((words, index) => words.map((word) => [word, index + 1] as const)).concat([
    ["juillet", 7],
    ["juli", 7],
    ["juin", 6],
    ["cervenec", 7],
  ]),
);

/** Zone names as they occur in feeds → minutes east of UTC. Ambiguous ones as the big feed readers read them. */
export const ZONES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    Z: 0,
    UT: 0,
    UTC: 0,
    GMT: 0,
    WET: 0,
    WEST: 60,
    BST: 60,
    CET: 60,
    MET: 60,
    CEST: 120,
    MEST: 120,
    EET: 120,
    EEST: 180,
    MSK: 180,
    IST: 330,
    JST: 540,
    KST: 540,
    AEST: 600,
    AEDT: 660,
    NZST: 720,
    NZDT: 780,
    AST: -240,
    ADT: -180,
    EST: -300,
    EDT: -240,
    ET: -300,
    CST: -360,
    CDT: -300,
    CT: -360,
    MST: -420,
    MDT: -360,
    MT: -420,
    PST: -480,
    PDT: -420,
    PT: -480,
    AKST: -540,
    AKDT: -480,
    HST: -600,
  }),
);
