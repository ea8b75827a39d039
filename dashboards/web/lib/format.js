// Numbers, money and instants for people. Money stays the decimal string that the API sends: no floating point near it.
const ZONE = "America/New_York";
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const hundredths = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  hourCycle: "h23", timeZoneName: "short",
});
export const NONE = "–";

export function money(text) {
  if (text === null || text === undefined || text === "") return NONE;
  const negative = text.startsWith("-");
  const [dollars, cents = "00"] = text.replace("-", "").split(".");
  return `${negative ? "−" : ""}$${dollars.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

// "$1.2 M" for axes and strips where the exact number stands beside it
export function shortMoney(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `$${tenths.format(value / 1e6)} M`;
  if (size >= 1e4) return `$${tenths.format(Math.round(value / 100) / 10)} k`;
  return `$${whole.format(value)}`;
}

// how long something took, measured in whole milliseconds
export const took = (seconds) => (seconds === 0 ? "under 1 ms" : duration(seconds));

// a target without its source; a number stays on the line of its sign
export const target = (text) => text.replace(/ \(.*\)/, "").replaceAll(" %", "\u00a0%");

export const count = (value) => (value === null || value === undefined ? NONE : whole.format(value));
// whole ones stay whole; all others end at the same place, so that a column can be read down
export const percent = (value) => (value === null || value === undefined ? NONE : `${(Number.isInteger(value) ? whole : hundredths).format(value)} %`);

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return NONE;
  if (seconds > 0 && seconds < 0.1) return `${whole.format(Math.max(1, seconds * 1000))} ms`;
  if (seconds < 1) return `${tenths.format(seconds)} s`;
  if (seconds < 120) return `${tenths.format(Math.round(seconds * 10) / 10)} s`;
  if (seconds < 7200) return `${tenths.format(Math.round(seconds / 6) / 10)} min`;
  if (seconds < 172800) return `${tenths.format(Math.round(seconds / 360) / 10)} h`;
  return `${tenths.format(Math.round(seconds / 8640) / 10)} days`;
}

export function byUnit(value, unit) {
  if (value === null || value === undefined) return NONE;
  if (unit === "percent") return percent(value);
  if (unit === "cents") return money(value);
  if (unit === "seconds") return duration(value);
  return typeof value === "number" ? tenths.format(value) : value;
}

// a share of too few cases, told as its counts: "3 of 7"; empty for everything else. `kpi` says what its shares are
export function few(kpi, row, column) {
  const share = kpi.shares.find((each) => each.column === column);
  const whole = share && row?.[share.of];
  if (!whole || whole >= kpi.few_below) return "";
  return `${count(row[share.part])} ${kpi.unit === "per_thousand" ? "for" : "of"} ${count(whole)}`;
}

export const shareText = (kpi, row, column) => few(kpi, row, column) || percent(row?.[column]);

export const unitWord = (unit) => ({ per_thousand: "per 1,000 payments", exceptions: "open", alerts: "critical and high" })[unit] ?? "";

function pieces(text) {
  return Object.fromEntries(parts.formatToParts(new Date(text)).map(({ type, value }) => [type, value]));
}

export function instant(text) {
  if (!text) return NONE;
  const p = pieces(text);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second} ${p.timeZoneName}`;
}

// the day in New York: deadlines are midnights
export function day(text) {
  if (!text) return NONE;
  const p = pieces(text);
  return `${p.year}-${p.month}-${p.day}`;
}

export function clock(text) {
  if (!text) return NONE;
  const p = pieces(text);
  return `${p.hour}:${p.minute}:${p.second} ${p.timeZoneName}`;
}

export function today() {
  const p = pieces(new Date().toISOString());
  return `${p.year}-${p.month}-${p.day}`;
}

export function addDays(day, days) {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);

// a reason as it stands when it is a sentence of the ledger, in words when it is one of its names
export const sentence = (text) => (/^[a-z_]+$/.test(text ?? "") ? words(text) : String(text ?? "").replace(/^[a-z]/, (first) => first.toUpperCase()));

export const words = (text) => {
  const lower = String(text ?? "").replace(/[_-]/g, " ").toLowerCase().replace(/\br(?=\d\d\b)|\b(ach|id|json|sms)\b/g, (found) => found.toUpperCase());
  return lower.charAt(0).toUpperCase() + lower.slice(1);
};

const SAID = { NOTHING_OPEN: "Nothing is open that it could be for" };

// text of the ledger's own words: NOTHING_OPEN or insufficient_funds inside a sentence
export const plain = (text) => SAID[text] ?? (/^[A-Z_, ]+$/.test(text ?? "") ? words(text) : String(text ?? "")
  .replace(/^[A-Z]{2,}(_[A-Z]+)*(?= over \$)/, words)
  .replace(/(^|; )(?=\d+\.\d\d left over)/, "$1$$")
  .replace(/\b(amount|advised|make|open|payment) (?=\d+\.\d\d)/g, "$1 $$")
  .replace(/\(([+-])(?=\d+\.\d\d\))/g, (_, sign) => `(${sign === "-" ? "−" : "+"}\u2060$`)
  .replace(/\$(\d{4,})(?=\.\d\d)/g, (_, dollars) => `$${dollars.replace(/\B(?=(\d{3})+$)/g, ",")}`)
  .replace(/([a-z])_(?=[a-z])/g, "$1 "));

export const short = (id) => (id && id.length > 13 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);
export const isTransaction = (id) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id ?? "");
