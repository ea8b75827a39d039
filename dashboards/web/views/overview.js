// The five-minute check: every target, today's money, how near the return limits are, what is serious.
import { html } from "../lib/ui.js";
import { Card, Chip, Definition, Shown } from "../lib/blocks.js";
import { address, useApi, useKpi } from "../lib/data.js";
import { addDays, byUnit, count, daysBetween, few, money, percent, plain, target, unitWord } from "../lib/format.js";
import { filtersOf, link } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";
import { Volume } from "./volume.js";

const ORDER = [
  "approval_time", "traceability", "straight_through", "exception_backlog", "match_rate", "aged_unmatched", "returns_unauthorized",
  "returns_administrative", "returns_all", "manual_adjustments", "support_signals", "alerts",
];
const STANDING = new Set(["exception_backlog", "aged_unmatched"]);
const NEAREST = 8;
const LIMITS = ["returns_unauthorized", "returns_administrative", "returns_all"];

export function Overview({ period, params }) {
  // one hospital: first its numbers, then what is usual there; all of them: the period before
  const page = useApi(address("/api/v1/kpis", { ...period, baseline: period.hospital ? "false" : "" }));
  const days = daysBetween(period.from, period.to) + 1;
  // asked for only when the first answer is there
  const beside = period.hospital ? period : { ...period, from: addDays(period.from, -days), to: addDays(period.to, -days) };
  const before = useApi(page.data ? address("/api/v1/kpis", beside) : "");
  const sites = useApi(page.data ? address("/api/v1/kpis/returns_by_hospital", period) : "");
  return html`
    <${Shown} of=${page} lines=${8}>${(data) => {
      const by = Object.fromEntries(data.kpis.map((kpi) => [kpi.name, kpi]));
      const earlier = Object.fromEntries((before.data?.kpis ?? []).map((kpi) => [kpi.name, kpi]));
      return html`
        ${data.restated > 0 && html`<p class="hint restated" role="status"><${Chip} of="restated" /> ${count(data.restated)} ${data.restated === 1 ? "event" : "events"} of this period came in after the day had ended: numbers read before that differ from these.</p>`}
        <div class="tiles" aria-busy=${before.loading}>${ORDER.filter((name) => by[name]).map((name) => html`<${Tile} key=${name} kpi=${by[name]} earlier=${earlier[name]} days=${days} hospital=${period.hospital} asOf=${data.as_of} params=${params} />`)}</div>
        <${Strip} period=${period} />
        <div class="grid">
          <${Card} title="Return rates against Nacha's limits" hint="60 days by date of origination, up to the last day of the period"
            actions=${html`<a href=${link("returns", filtersOf(params))}>Returns</a><${Csv} name="nearest-to-a-limit" columns=${["hospital_id", "used_percent", "n"].map((key) => ({ key }))} rows=${sites.data?.rows.slice(0, NEAREST)} />`}>
            <div class="bars">${LIMITS.map((name) => html`<${Limit} key=${name} kpi=${by[name]} />`)}</div>
            <${Nearest} sites=${sites} params=${params} />
          <//>
          <${Serious} period=${period} params=${params} />
          <${Volume} period=${period} />
        </div>`;
    }}<//>`;
}

function Tile({ kpi, earlier, days, hospital, asOf, params }) {
  const counts = few(kpi, kpi.row, kpi.column);
  const word = counts && kpi.unit === "per_thousand" ? "payments" : unitWord(kpi.unit);
  return html`<article class="tile" data-kpi=${kpi.name}>
    <div class="name"><span>${kpi.title}</span><${Definition} kpi=${kpi} asOf=${asOf} /></div>
    <a class="value" href=${link(kpi.leads, filtersOf(params))}>${counts || byUnit(kpi.value, kpi.unit)} ${word && html`<small>${word}</small>`}<span class="hidden"> ${kpi.title}</span></a>
    ${hospital ? html`<${Usual} kpi=${kpi} baseline=${earlier?.baseline} />` : html`<${Trend} kpi=${kpi} earlier=${earlier} days=${days} />`}
    <div class="foot"><span class="hint">${kpi.target.startsWith("none") ? kpi.target.replace(/^none;? ?/, "") : `Target ${target(kpi.target)}`}</span>
      <span>${kpi.state !== "no_target" && html`<${Chip} of=${kpi.state} />`}</span></div>
  </article>`;
}

// what the hospital's own days before say; it judges nothing, targets do
function Usual({ kpi, baseline }) {
  const n = countText(kpi);
  if (!baseline) return html`<span class="trend">${[n, STANDING.has(kpi.name) && "as it stands now"].filter(Boolean).join(" · ")}</span>`;
  const said = { comparable: `usual here: ${byUnit(baseline.value, kpi.unit)}`, too_few: "too few before to say what is usual", no_data: "nothing before to compare with" }[baseline.state];
  return html`<span class="trend" title=${`${baseline.from} to ${baseline.to}, n = ${count(baseline.n)}`}>${[n, said].filter(Boolean).join(" · ")}</span>`;
}

const countText = (kpi) => (kpi.n === null || kpi.state === "too_few" || ["exceptions", "alerts"].includes(kpi.unit) ? "" : `n = ${count(kpi.n)}`);

function Trend({ kpi, earlier, days }) {
  const n = countText(kpi);
  if (STANDING.has(kpi.name)) return html`<span class="trend">${n ? `${n} · ` : ""}as it stands now</span>`;
  if (kpi.state === "too_few" || earlier?.state === "too_few") return html`<span class="trend">${n}</span>`;
  if (typeof kpi.value !== "number" || typeof earlier?.value !== "number") return html`<span class="trend">${n}</span>`;
  const change = kpi.value - earlier.value;
  const arrow = Math.abs(change) < 0.005 ? "=" : change > 0 ? "▲" : "▼";
  const size = byUnit(Math.abs(change), kpi.unit === "percent" ? "" : kpi.unit);
  return html`<span class="trend">${n ? `${n} · ` : ""}<span title=${`${byUnit(earlier.value, kpi.unit)} in the ${days} days before`}>${arrow === "=" ? "unchanged" : `${arrow} ${size}${kpi.unit === "percent" ? " points" : ""}`}</span></span>`;
}

function Strip({ period }) {
  const volume = useKpi("volume", period);
  const row = volume.data?.rows.at(-1);
  if (!row) return null;
  return html`<section class="strip" aria-label=${`Money of ${row.day}`}>
    ${[["initiated", "Asked for"], ["approved", "Approved"], ["submitted", "Submitted"], ["settled", "Settled"], ["returned", "Returned"]].map(([step, words]) => html`
      <div key=${step}><span class="hint">${words} ${row.day}</span><b>${money(row[`${step}_amount`])}</b><span class="hint num">${count(row[step])} ${row[step] === 1 ? "payment" : "payments"}</span></div>`)}
  </section>`;
}

export function Limit({ kpi }) {
  const row = kpi.row ?? kpi.rows?.[0] ?? {};
  const counts = few(kpi, row, "rate_percent");
  const used = counts ? 0 : row.used_percent ?? 0;
  const tone = used > 100 ? "bad" : used >= 60 ? "warn" : "";
  return html`<div class="bar-line">
    <div class="words"><strong>${kpi.title}</strong><span class="num">${counts ? `${counts} entries, too few to compare` : `${percent(row.rate_percent)} of ${count(row.n)} entries`} · limit ${percent(row.limit_percent)}</span></div>
    <div class="bar" role="img" aria-label=${counts ? `${kpi.title}: ${counts} entries, too few to compare` : `${kpi.title}: ${percent(row.rate_percent)}, ${percent(used)} of the limit of ${percent(row.limit_percent)}`}>
      ${!counts && html`<i class=${tone} style=${{ width: `${Math.min(100, used / 1.25)}%` }}></i>`}
      <u style=${{ left: "48%" }} title="60 % of the limit"></u><u style=${{ left: "64%" }} title="80 % of the limit"></u><u class="full" style=${{ left: "80%" }} title="The limit"></u>
    </div>
    <div class="words hint"><span>95 % interval ${percent(row.low_percent)} to ${percent(row.high_percent)}</span>
      <span class="num">${row.n === 0 ? "no entries" : row.returns_until_breach === 0 ? "The limit is exceeded" : `${count(row.returns_until_breach)} more ${row.returns_until_breach === 1 ? "return breaches" : "returns breach"} it`}</span></div>
  </div>`;
}

// the few hospitals that come first to one of the limits
function Nearest({ sites, params }) {
  const rows = (sites.data?.rows ?? []).slice(0, NEAREST);
  if (!rows.length) return null;
  const columns = [
    { key: "hospital_id", label: "Nearest to a limit", render: (value) => html`<a href=${link("returns", { ...filtersOf(params), hospital: value })}>${value}</a>` },
    { key: "used_percent", label: "Of nearest limit", kind: "percent", render: (_, row) => html`<${Used} kpi=${sites.data} row=${row} />` },
    { key: "n", label: "Debits", kind: "count" },
  ];
  return html`<${Table} name="nearest" label="Hospitals nearest to a return limit" columns=${columns} rows=${rows} open=${(row) => link("returns", { ...filtersOf(params), hospital: row.hospital_id })} />`;
}

// how much of its nearest limit a hospital has used
export function Used({ kpi, row }) {
  if (few(kpi, row, "used_percent")) return html`<${Chip} of="too_few" />`;
  const used = row.used_percent;
  return html`<${Chip} of=${used > 100 ? "breach" : used >= 60 ? "warning_60" : "ok"}>${used.toFixed(1)} %<//>`;
}

function Serious({ period, params }) {
  const of = (severity) => useApi(address("/api/v1/alerts", { severity, hospital_id: period.hospital, limit: 5 }));
  const critical = of("critical");
  const high = of("high");
  const both = { data: critical.data && high.data && { rows: [...critical.data.alerts, ...high.data.alerts].slice(0, 5) }, error: critical.error ?? high.error };
  const columns = [
    { key: "severity", label: "Severity", render: (value) => html`<${Chip} of=${value} />` },
    { key: "raised_at", label: "Raised", kind: "minute" },
    { key: "explanation", label: "What happened", render: plain },
    { key: "amount", label: "Amount", kind: "money" },
  ];
  return html`<${Card} title="Latest serious alerts" hint="Critical first, then high" actions=${html`<${Csv} name="alerts" columns=${columns} rows=${both.data?.rows} />`}>
    <${Shown} of=${both} empty="No critical or high alert." emptyHint="Alerts come from the rules and from returns.">${(data) => html`
      <${Table} name="serious" label="Latest serious alerts" columns=${columns} rows=${data.rows} params=${params}
        open=${(row) => link("trace", { ...filtersOf(params), id: row.about })} />`}<//>
  <//>`;
}
