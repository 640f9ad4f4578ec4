/** Letters only, in lower case and without accents: `Déc.` is `dec`. */
function plainWord(word: string): string {
  return word
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f\u064b-\u0655.]/g, "");
}

/** Months as feeds write them, in the forms that stand in a date. A language has a line. */
const MONTH_NAMES = `
january february march april may june july august september october november december
januar februar marz april mai juni juli august september oktober november dezember
janner feber mrz april mai juni juli august sept oktober november dezember
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november desember
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
ledna února března dubna května června července srpna září října listopadu prosince
leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
január február március április május június július augusztus szeptember október november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول
جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר
जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितम्बर अक्तूबर नवम्बर दिसम्बर
ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
`;

/** Whole words, and beginnings of three letters or more that no two months share, → 1 to 12. */
const MONTHS: ReadonlyMap<string, number> = readMonths();

function readMonths(): Map<string, number> {
  const beginnings = new Map<string, Set<number>>();
  const whole = new Map<string, number>();
  for (const line of MONTH_NAMES.trim().split("\n")) {
    for (const [index, name] of line.split(" ").entries()) {
      const word = plainWord(name);
      whole.set(word, index + 1);
      for (let length = 3; length < word.length; length += 1) {
        const beginning = word.slice(0, length);
        beginnings.set(beginning, (beginnings.get(beginning) ?? new Set()).add(index + 1));
      }
    }
  }
  const clear = [...beginnings].flatMap(([word, [month, another]]) =>
    month !== undefined && another === undefined ? [[word, month] as const] : [],
  );
  return new Map([...clear, ...whole]);
}

/** The month that a word means, 1 to 12. */
export const monthOf = (word: string): number | undefined => MONTHS.get(plainWord(word));

const WEEKDAYS: readonly RegExp[] = [
  /^(?:sun|so$|sonn|dim|dom)/,
  /^(?:mon|mo$|lun)/,
  /^(?:tue|di$|dien|mar)/,
  /^(?:wed|mi$|mitt|mer|mie)/,
  /^(?:thu|do$|donn|jeu|jue|gio)/,
  /^(?:fri|fr$|frei|ven|vie)/,
  /^(?:sat|sa$|sams|sam|sab)/,
];

/** The day of the week that a word means, Sunday being 0. */
export function weekdayOf(word: string | undefined): number | undefined {
  const index = word === undefined ? -1 : WEEKDAYS.findIndex((pattern) => pattern.test(plainWord(word)));
  return index === -1 ? undefined : index;
}

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
    WAT: 60,
    CET: 60,
    MET: 60,
    MEZ: 60,
    CEST: 120,
    MEST: 120,
    MESZ: 120,
    EET: 120,
    CAT: 120,
    SAST: 120,
    EEST: 180,
    EAT: 180,
    MSK: 180,
    TRT: 180,
    PKT: 300,
    IST: 330,
    NPT: 345,
    ICT: 420,
    WIB: 420,
    AWST: 480,
    HKT: 480,
    MYT: 480,
    PHT: 480,
    SGT: 480,
    JST: 540,
    KST: 540,
    ACST: 570,
    AEST: 600,
    ACDT: 630,
    AEDT: 660,
    NZST: 720,
    NZDT: 780,
    NDT: -150,
    NST: -210,
    ADT: -180,
    ART: -180,
    BRT: -180,
    UYT: -180,
    AST: -240,
    AT: -240,
    CLT: -240,
    EST: -300,
    EDT: -240,
    ET: -300,
    COT: -300,
    PET: -300,
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
