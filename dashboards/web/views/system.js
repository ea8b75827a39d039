// System: is everything well, how far behind is it, what was refused, and up to where the chain is whole.
import { html, useRef } from "../lib/ui.js";
import { Card, Chip, Definition, Shown } from "../lib/blocks.js";
import { useSession } from "../lib/act.js";
import { useApi, useKpi } from "../lib/data.js";
import { count, duration, instant, percent, words } from "../lib/format.js";
import { filtersOf, link } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";
import { Webhooks } from "./webhooks.js";

const EVERY_MS = 5000;

export function metricsOf(text) {
  const found = {};
  for (const line of text.split("\n")) {
    const match = /^([a-z_]+)(?:\{(.*)\})? ([-+0-9.eInfNa]+)$/.exec(line);
    if (match) (found[match[1]] ??= []).push({ labels: match[2] ?? "", value: Number(match[3]) });
  }
  return found;
}

const sum = (samples) => (samples ? samples.reduce((total, { value }) => total + value, 0) : null);

export function System({ period, params }) {
  const ready = useApi("/readyz", { every: EVERY_MS });
  const { may } = useSession();
  // not asked for by who may not see it: every refusal is written down
  const measures = may("metrics:read");
  const raw = useApi(measures ? "/metrics" : "", { form: "text", every: EVERY_MS });
  const trace = useKpi("traceability", period);
  const breaks = useKpi("traceability_breaks", period);
  const journal = useKpi("journal", period);
  const inputs = useKpi("inputs", period);
  const journalColumns = [
    { key: "partition", label: "Partition" }, { key: "records", label: "Records", kind: "count" }, { key: "last_sequence", label: "Last", kind: "count" }, { key: "verified_sequence", label: "Chain whole up to", kind: "count" },
    { key: "breaks", label: "Breaks", kind: "count" }, { key: "last_offset", label: "Offset", kind: "count" }, { key: "last_recorded_at", label: "Written", kind: "instant" },
    { key: "last_hash", label: "SHA-256", render: (value) => html`<code title=${value}>${value.slice(0, 16)}…</code>` },
  ];
  const inputColumns = [
    { key: "topic", label: "Topic", render: (value) => html`<code>${value}</code>` }, { key: "outcome", label: "Outcome", render: (value) => html`<${Chip} of=${value}>${{ posted: "Posted", refused: "Refused", dead: "Dead letter" }[value]}<//>` },
    { key: "reason", label: "Reason", render: (value) => (value ? words(value) : "–") }, { key: "events", label: "Events", kind: "count" }, { key: "last_at", label: "Latest", kind: "instant" },
  ];
  const breakColumns = [
    { key: "business_date", label: "Date", tight: true }, { key: "transaction_id", label: "About", kind: "id" }, { key: "debit", label: "Debit", render: words }, { key: "credit", label: "Credit", render: words },
    { key: "missing", label: "Missing" }, { key: "amount", label: "Amount", kind: "money" },
  ];
  return html`<div class="grid">
    <${Card} title="Is it well?" wide=${!measures} actions=${ready.data && html`<${Chip} of=${ready.data.status === "ready" ? "met" : "missed"}>${ready.data.status === "ready" ? "Ready" : "Not ready"}<//>`}>
      <${Shown} of=${ready}>${(data) => html`<dl class="pairs">${Object.entries(data.checks).map(([name, text]) => html`<dt key=${name}>${name === "clickhouse" ? "ClickHouse" : words(name)}</dt><dd>${text.startsWith("NOT WELL") ? html`<${Chip} of="missed">Not well<//> ${text.replace("NOT WELL: ", "")}` : text}</dd>`)}</dl>`}<//>
    <//>
    ${measures && html`<${Card} title="How far behind" hint="Read every 5 seconds"><${Shown} of=${raw}>${(text) => html`<${Lag} found=${metricsOf(text)} />`}<//><//>`}
    <${Card} wide title="Journal" hint="Per partition: what is stored, and up to where every record names the hash of the one before" actions=${html`${journal.data && html`<${Definition} kpi=${journal.data} asOf=${journal.data.as_of} />`}<${Csv} name="journal" columns=${journalColumns} rows=${journal.data?.rows} />`}>
      <${Shown} of=${journal} empty="Nothing has been journalled yet.">${({ rows }) => html`<${Table} name="journal" label="Journal by partition" columns=${journalColumns} rows=${rows} />`}<//>
    <//>
    <${Card} wide title="Traceability" hint=${trace.data?.rows[0] && `${percent(trace.data.value)} of ${count(trace.data.n)} postings resolve from the event to the match`} actions=${html`${trace.data && html`<${Definition} kpi=${trace.data} asOf=${trace.data.as_of} />`}<${Csv} name="traceability-breaks" columns=${breakColumns} rows=${breaks.data?.rows} />`}>
      <${Shown} of=${breaks} empty="Every posting of the period can be traced.">${({ rows }) => html`<${Table} name="breaks" label="Postings that cannot be traced" columns=${breakColumns} rows=${rows} params=${params} open=${(row) => link("trace", { ...filtersOf(params), id: row.transaction_id })} />`}<//>
    <//>
    <${Webhooks} params=${params} />
    <${Card} wide title="Events received" hint="Of the period, by what became of them" actions=${html`${inputs.data && html`<${Definition} kpi=${inputs.data} asOf=${inputs.data.as_of} />`}<${Csv} name="events" columns=${inputColumns} rows=${inputs.data?.rows} />`}>
      <${Shown} of=${inputs} empty="No event in this period.">${({ rows }) => html`<${Table} name="inputs" label="Events received" columns=${inputColumns} rows=${rows} />`}<//>
    <//>
  </div>`;
}

// how fast a counter grew between its last two values
function useRate(total) {
  const seen = useRef({ total: null, atMs: 0, rate: null });
  const now = performance.now();
  if (total !== null && (seen.current.total === null || now - seen.current.atMs >= EVERY_MS / 2)) {
    const { total: before, atMs } = seen.current;
    seen.current = { total, atMs: now, rate: before === null || total < before ? null : ((total - before) * 1000) / (now - atMs) };
  }
  return seen.current.rate;
}

const BUCKETS = "hms_event_visible_seconds_bucket";

// within which time half and nearly all events could be seen; empty while none came or this process stores nothing
export function waited(found) {
  const buckets = (found[BUCKETS] ?? []).map(({ labels, value }) => ({ upTo: Number(/le="([^"]+)"/.exec(labels)[1].replace("+Inf", "Infinity")), value }));
  const all = buckets.at(-1)?.value ?? 0;
  const timely = buckets.at(-2)?.value ?? 0;
  const within = (share) => duration(buckets.find(({ value }) => value >= share * timely).upTo);
  return [
    timely > 0 && `half of ${count(timely)} ${timely === 1 ? "event" : "events"} in ${within(0.5)}, 95 % in ${within(0.95)} at most`,
    all > timely && `${count(all - timely)} ${all - timely === 1 ? "was" : "were"} older than ${duration(buckets.at(-2).upTo)}: loaded late, or the ledger stood still`,
  ].filter(Boolean).join("; ");
}

function Lag({ found }) {
  const stored = sum(found.hms_sink_stored_timestamp_seconds);
  const decisions = sum(found.hms_decision_seconds_count);
  const seen = waited(found);
  const rate = useRate(sum(found.hms_sink_rows_total));
  return html`<dl class="pairs">
    <dt>Decision feed</dt><dd>${count(sum(found.hms_feed_lag_records))} records behind</dd>
    <dt>Tables</dt><dd>${count(sum(found.hms_store_lag_records))} records behind</dd>
    ${found.hms_sink_lag_records && html`<dt>Sink</dt><dd>${count(sum(found.hms_sink_lag_records))} records behind${sum(found.hms_sink_age_seconds) > 0 && `, oldest waits ${duration(sum(found.hms_sink_age_seconds))}`}</dd>`}
    ${stored ? html`<dt>Latest record stored</dt><dd>${instant(new Date(stored * 1000).toISOString())}</dd>` : null}
    ${found.hms_sink_rows_total && html`<dt>Rows stored</dt><dd>${count(sum(found.hms_sink_rows_total))} since this process started</dd>`}
    ${seen && html`<dt>Event to visible</dt><dd>${seen}</dd>`}
    ${rate !== null && html`<dt>Throughput</dt><dd>${count(rate)} rows a second</dd>`}
    <dt>Decisions</dt><dd>${decisions ? `${count(decisions)}, ${duration(sum(found.hms_decision_seconds_sum) / decisions)} on average` : "none asked for through this process"}</dd>
  </dl>`;
}
