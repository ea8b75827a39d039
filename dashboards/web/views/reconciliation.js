// Reconciliation: what fell due, what came, what of it is matched, and what is not.
import { html } from "../lib/ui.js";
import { Card, Definition, Shown } from "../lib/blocks.js";
import { Chart, colour } from "../lib/chart.js";
import { useKpi } from "../lib/data.js";
import { count, few, isTransaction, money, percent, shareText, shortMoney, took, words } from "../lib/format.js";
import { filtersOf, link } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";
import { TieOut } from "./tie.js";

const AGES = [["days_0_1", "0–1 day"], ["days_1_3", "1–3 days"], ["days_3_7", "3–7 days"], ["days_7_30", "7–30 days"], ["days_over_30", "over 30 days"]];
const INCOME = [["income_amount", "Income"], ["fees_amount", "Fees"], ["interest_amount", "Interest"], ["waived_amount", "Waived"], ["collected_amount", "Paid for charges"]];

export function Reconciliation({ period, params }) {
  const days = useKpi("reconciliation_by_day", period);
  const rate = useKpi("match_rate", period);
  const time = useKpi("match_time", period);
  const passes = useKpi("match_passes", period);
  const aged = useKpi("aged_unmatched", period);
  const months = useKpi("straight_through_monthly", period);
  const open = useKpi("unmatched_items", period);
  const income = useKpi("fee_income", period);
  const columns = [
    { key: "received_at", label: "Received at", kind: "instant" }, { key: "kind", label: "Kind", render: words }, { key: "source_id", label: "Source", kind: "id" },
    { key: "credit_reference", label: "Account", render: (value) => html`<code>${value}</code>` }, { key: "hospital_id", label: "Hospital" }, { key: "reason", label: "Why", render: words },
    { key: "received_amount", label: "Received", kind: "money" }, { key: "unmatched_amount", label: "Not matched", kind: "money" },
  ];
  const passColumns = [{ key: "pass", label: "Pass", render: words }, { key: "n", label: "Sources", kind: "count" }, { key: "received_total_amount", label: "Received", kind: "money" }];
  const monthColumns = [{ key: "month", label: "Month", tight: true, render: (value) => value.slice(0, 7) }, { key: "n", label: "Accounts closed", kind: "count" }, { key: "untouched", label: "Without a person", kind: "count" }, { key: "untouched_percent", label: "Share", kind: "percent", render: (_, each) => shareText(months.data, each, "untouched_percent") }];
  const dayColumns = ["day", "expected_amount", "received_amount", "matched_amount", "suspended_amount", "received_count"].map((key) => ({ key }));
  return html`<div class="grid">
    <${Card} wide title="Expected and received" hint="Due dates are CREDIT's; money stands on the business date it came" actions=${html`${days.data && html`<${Definition} kpi=${days.data} asOf=${days.data.as_of} />`}<${Csv} name="expected-and-received" columns=${dayColumns} rows=${days.data?.rows} />`}>
      <${Shown} of=${days} empty="Nothing fell due and nothing came in this period.">${({ rows }) => html`<${Chart} height=${250} label=${`Expected and received money on ${rows.length} dates`} deps=${[rows]} option=${() => ({
        tooltip: { valueFormatter: (value) => (value === undefined || value === null ? "–" : money(Number(value).toFixed(2))) },
        xAxis: { type: "category", data: rows.map((row) => row.day) }, yAxis: { type: "value", axisLabel: { formatter: shortMoney } },
        series: [
          { name: "Due", type: "line", step: "middle", symbol: "none", data: rows.map((row) => row.expected_amount), itemStyle: { color: colour("chart-6") } },
          { name: "Matched", type: "bar", stack: "in", barMaxWidth: 22, data: rows.map((row) => row.matched_amount), itemStyle: { color: colour("chart-2") } },
          { name: "In suspense", type: "bar", stack: "in", barMaxWidth: 22, data: rows.map((row) => row.suspended_amount), itemStyle: { color: colour("chart-3") } },
        ],
      })} />`}<//>
    <//>
    <${TieOut} period=${period} params=${params} />
    <${Card} title="Matched automatically" actions=${rate.data && html`<${Definition} kpi=${rate.data} asOf=${rate.data.as_of} />`}>
      <${Shown} of=${rate} empty="No money came in this period." isEmpty=${(data) => !data.n}>${({ rows: [row] }) => html`<dl class="pairs">
        <dt>By money</dt><dd>${!few(rate.data, row, "matched_percent") && html`<strong>${percent(row.matched_percent_of_money)}</strong> · `}${money(row.matched_total_amount)} of ${money(row.received_total_amount)}</dd>
        <dt>By count</dt><dd>${!few(rate.data, row, "matched_percent") && html`<strong>${percent(row.matched_percent)}</strong> · `}${count(row.matched_in_full)} of ${count(row.n)} in full, ${count(row.matched_in_part)} in part</dd>
        <dt>Not matched</dt><dd>${count(row.unmatched)} · ${money(row.suspended_total_amount)} went to suspense ${row.unmatched > 0 && html`<button type="button" class="plain-button" onClick=${() => document.getElementById("unmatched").scrollIntoView({ block: "center" })}>Which</button>`}</dd>
        <dt>Time to match</dt><dd>median ${took(time.data?.value)}, 90 % ${took(time.data?.rows[0]?.p90_seconds)}</dd></dl>`}<//>
    <//>
    <${Card} title="Money in suspense, by age" hint=${aged.data?.rows[0] && `${money(aged.data.rows[0].suspended_amount)} of ${count(aged.data.rows[0].n)} sources, as it stands now`} actions=${html`${aged.data && html`<${Definition} kpi=${aged.data} asOf=${aged.data.as_of} />`}<${Csv} name="aged-unmatched" columns=${["n", "suspended_amount", ...AGES.map(([key]) => `${key}_amount`)].map((key) => ({ key }))} rows=${aged.data?.rows} />`}>
      <${Shown} of=${aged} empty="No money is in suspense." isEmpty=${(data) => !data.n}>${({ rows: [row] }) => html`<${Chart} height=${190} label="Money in suspense by age" deps=${[row]} option=${() => ({
        legend: null, grid: { top: 12 }, tooltip: { valueFormatter: (value) => money(Number(value).toFixed(2)) },
        xAxis: { type: "category", data: AGES.map(([, label]) => label), axisLabel: { interval: 0, fontSize: 11, lineHeight: 14, formatter: (label) => label.replace(" day", "\nday") } }, yAxis: { type: "value", axisLabel: { formatter: shortMoney } },
        series: [{ name: "In suspense", type: "bar", barMaxWidth: 44, data: AGES.map(([key], n) => ({ value: row[`${key}_amount`], itemStyle: { color: colour(`age-${n + 1}`) } })) }],
      })} />`}<//>
    <//>
    <${Card} title="How money was matched" hint="By the pass of matching that allocated it" actions=${html`<${Csv} name="match-passes" columns=${passColumns} rows=${passes.data?.rows} />`}>
      <${Shown} of=${passes} empty="No money came in this period.">${({ rows }) => html`<${Table} name="passes" label="How money was matched" columns=${passColumns} rows=${rows} />`}<//>
    <//>
    <${Card} title="Accounts closed without a person" hint="Target: at least 95 % a month" actions=${html`${months.data && html`<${Definition} kpi=${months.data} asOf=${months.data.as_of} />`}<${Csv} name="straight-through" columns=${monthColumns} rows=${months.data?.rows} />`}>
      <${Shown} of=${months} empty="No account was closed in this period.">${({ rows }) => html`<${Table} name="months" label="Accounts closed without a person" columns=${monthColumns} rows=${rows} />`}<//>
    <//>
    <${Card} wide title="Fees and interest" hint="Charged by the rule book in this period" actions=${html`${income.data && html`<${Definition} kpi=${income.data} asOf=${income.data.as_of} />`}<${Csv} name="fee-income" columns=${["n", ...INCOME.map(([key]) => key)].map((key) => ({ key }))} rows=${income.data?.rows} />`}>
      <${Shown} of=${income} empty="Nothing was charged, waived or paid for charges in this period." isEmpty=${({ rows: [row] }) => INCOME.every(([key]) => !row || Number(row[key]) === 0)}>${({ rows: [row] }) => html`<dl class="pairs">
        ${INCOME.map(([key, label]) => html`<dt>${label}</dt><dd>${key === "income_amount" ? html`<strong>${money(row[key])}</strong> · ${count(row.n)} ${row.n === 1 ? "charge" : "charges"}` : money(row[key])}</dd>`)}</dl>`}<//>
    <//>
    <${Card} wide id="unmatched" title="Received, not matched" hint="Largest first, 500 at most" actions=${html`<${Csv} name="unmatched" columns=${columns} rows=${open.data?.rows} />`}>
      <${Shown} of=${open} empty="Everything that came in this period is matched.">${({ rows }) => html`<${Table} name="unmatched" label="Received, not matched" columns=${columns} rows=${rows} params=${params} open=${(row) => isTransaction(row.source_id) && link("trace", { ...filtersOf(params), id: row.source_id })} />`}<//>
    <//>
  </div>`;
}
