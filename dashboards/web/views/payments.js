// Payments: how far they come, how long approval takes, and each of them.
import { html } from "../lib/ui.js";
import { Card, Chip, Definition, Shown } from "../lib/blocks.js";
import { Chart, colour } from "../lib/chart.js";
import { useKpi } from "../lib/data.js";
import { count, money, shareText, took, words } from "../lib/format.js";
import { filtersOf, link } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";

const STATUSES = ["received", "held", "approved", "declined", "canceled", "submitted", "settled", "completed", "returned", "failed", "retry_scheduled", "charged_back"];
const STEPS = [
  ["n", "initiated_amount", "Asked for", ""], ["approved", "approved_amount", "Approved", ""], ["submitted", "submitted_amount", "Submitted", ""],
  ["settled", "settled_amount", "Settled", ""], ["waiting", "waiting_amount", "Waiting", "warn"], ["failed", "failed_amount", "Failed", "plain"],
  ["returned", "returned_amount", "Returned", "bad"],
];

export function Payments({ period, params, change }) {
  const funnel = useKpi("funnel", period);
  const time = useKpi("approval_time", period);
  const histogram = useKpi("approval_histogram", period);
  const slow = useKpi("slow_approvals", period);
  const list = useKpi("payments", period, { status: params.status });
  const open = (row) => link("trace", { ...filtersOf(params), id: row.transaction_id });
  const slowColumns = [
    { key: "transaction_id", label: "Transaction", kind: "id" }, { key: "asked_at", label: "Asked at", kind: "instant" },
    { key: "state", label: "State", render: (value) => html`<${Chip} of=${value} />` }, { key: "hospital_id", label: "Hospital" },
    { key: "amount", label: "Amount", kind: "money" }, { key: "waited_seconds", label: "Took", kind: "seconds" },
  ];
  const columns = [
    { key: "asked_at", label: "Asked at", kind: "instant" }, { key: "transaction_id", label: "Transaction", kind: "id" },
    { key: "credit_reference", label: "Account", render: (value) => html`<code>${value}</code>` }, { key: "hospital_id", label: "Hospital" },
    { key: "direction", label: "Kind", render: words }, { key: "status", label: "Status", render: (value) => html`<${Chip} of=${value} />` },
    { key: "code", label: "Code" }, { key: "trace_number", label: "Trace number" }, { key: "amount", label: "Amount", kind: "money" },
  ];
  return html`<div class="grid">
    <${Card} title="Life of payments" hint="Payments asked for in the period" actions=${funnel.data && html`<${Definition} kpi=${funnel.data} asOf=${funnel.data.as_of} />`}>
      <${Shown} of=${funnel} empty="No payment was asked for in this period." isEmpty=${(data) => !data.rows[0]?.n}>${({ rows: [row] }) => html`<div class="flow">${STEPS.map(([key, amount, label, tone]) => html`
        <div class="row" key=${key}><span>${label}</span><span class="track"><i class=${tone} style=${{ width: `${(100 * row[key]) / Math.max(1, row.n)}%` }}></i></span>
        <span class="num right"><strong>${count(row[key])}</strong> <span class="hint">${money(row[amount])}</span></span></div>`)}</div>`}<//>
    <//>
    <${Card} title="How long approvals take" hint=${time.data?.rows[0] && `${shareText(time.data, time.data.rows[0], "fast_percent")} in under 5 minutes · median ${took(time.data.rows[0].p50_seconds)} · 90 % ${took(time.data.rows[0].p90_seconds)} · 99 % ${took(time.data.rows[0].p99_seconds)}`}
      actions=${time.data && html`<${Definition} kpi=${time.data} asOf=${time.data.as_of} />`}>
      <${Shown} of=${histogram} empty="No approval in this period.">${({ rows }) => html`<${Histogram} rows=${rows} />`}<//>
    <//>
    <${Card} wide title="Approvals of 5 minutes and more" hint="Why a payment was held is in its trace" actions=${html`<${Csv} name="slow-approvals" columns=${slowColumns} rows=${slow.data?.rows} />`}>
      <${Shown} of=${slow} empty="Every approval took less than 5 minutes.">${({ rows }) => html`<${Table} name="slow" label="Approvals of 5 minutes and more" columns=${slowColumns} rows=${rows} params=${params} open=${open} />`}<//>
    <//>
    <${Card} wide title="Payments" hint="Newest first, 500 at most" actions=${html`
      <label class="hint">Status <select value=${params.status ?? ""} onChange=${(event) => change({ status: event.target.value })}>
        <option value="" selected=${!params.status}>All</option>${STATUSES.map((status) => html`<option key=${status} value=${status} selected=${status === params.status}>${words(status)}</option>`)}</select></label>
      <${Csv} name="payments" columns=${columns} rows=${list.data?.rows} />`}>
      <${Shown} of=${list} empty="No payment fits these filters." emptyHint="Widen the period, or choose another hospital or status.">${({ rows }) => html`<${Table} name="payments" label="Payments" columns=${columns} rows=${rows} params=${params} identity=${(row) => row.transaction_id} open=${open} />`}<//>
    <//>
  </div>`;
}

const BUCKETS = ["< 1 s", "1–10 s", "10–60 s", "1–5 min", "5–15 min", "15–60 min", "1–8 h", "> 8 h"];

function Histogram({ rows }) {
  const by = Object.fromEntries(rows.map((row) => [row.bucket, row]));
  // the axis counts classes, so that the line can stand between two of them
  const of = (key) => BUCKETS.map((_, n) => [n + 0.5, by[n + 1]?.[key] || null]);
  return html`<${Chart} height=${230} label=${`Approvals by time: ${rows.map((row) => `${row.label} ${row.approved_payments}`).join(", ")}`} deps=${[rows]} option=${() => ({
    xAxis: { type: "value", min: 0, max: BUCKETS.length, interval: 1, containShape: false, splitLine: { show: false }, axisLabel: { fontSize: 11, lineHeight: 14, customValues: BUCKETS.map((_, n) => n + 0.5), formatter: (value) => (BUCKETS[Math.floor(value)] ?? "").replace(/ (?=[a-z])/, "\n") } },
    yAxis: { type: "log", min: 0.5, axisLabel: { formatter: (value) => (value < 1 ? "" : count(value)) }, splitNumber: 3 },
    grid: { top: 44 }, tooltip: { trigger: "item", formatter: ({ seriesName, value }) => `${BUCKETS[Math.floor(value[0])]}: ${count(value[1])} ${seriesName.toLowerCase()}` },
    series: [
      { name: "Approved", type: "bar", stack: "all", barWidth: "60%", data: of("approved_payments"), label: { show: true, position: "top", color: colour("text-soft"), formatter: ({ value, dataIndex }) => (value[1] && !by[dataIndex + 1].waiting_payments ? count(value[1]) : "") },
        markLine: { symbol: "none", silent: true, lineStyle: { color: colour("bad"), width: 2, type: "solid" }, label: { formatter: "5 minutes", color: colour("bad"), position: "end" }, data: [{ xAxis: 4 }] } },
      { name: "Still waiting", type: "bar", stack: "all", barWidth: "60%", data: of("waiting_payments"), itemStyle: { color: colour("chart-3") },
        label: { show: true, position: "top", color: colour("text-soft"), formatter: ({ value, dataIndex }) => (value[1] ? `${count(by[dataIndex + 1].approved_payments)} + ${count(value[1])}` : "") } },
    ],
  })} />`;
}
