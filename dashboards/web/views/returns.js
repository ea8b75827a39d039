// Returns: how near Nacha's limits are, where they come from, and each of them.
import { html } from "../lib/ui.js";
import { Card, Definition, Shown } from "../lib/blocks.js";
import { Chart, colour } from "../lib/chart.js";
import { useKpi } from "../lib/data.js";
import { count, few, percent, shareText, words } from "../lib/format.js";
import { filtersOf, link } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";
import { Limit, Used } from "./overview.js";

const CLASSES = [["unauthorized", "Unauthorized", 0.5], ["administrative", "Administrative", 3], ["returned", "All", 15]];

export function Returns({ period, params }) {
  const limits = ["returns_unauthorized", "returns_administrative", "returns_all"].map((name) => useKpi(name, period));
  const trend = useKpi("returns_trend", period);
  const heat = useKpi("returns_by_week", period);
  const sites = useKpi("returns_by_hospital", period);
  const retries = useKpi("retry_success", period);
  const list = useKpi("returned_payments", period);
  const siteColumns = [
    { key: "hospital_id", label: "Hospital" }, { key: "n", label: "Debits", kind: "count" }, { key: "used_percent", label: "Of nearest limit", kind: "percent", render: (_, each) => html`<${Used} kpi=${sites.data} row=${each} />` },
    ...CLASSES.flatMap(([key, label]) => [{ key: `${key}_percent`, label, kind: "percent", render: (_, each) => shareText(sites.data, each, `${key}_percent`) }, { key: `${key}_until_breach`, label: "Left", kind: "count" }]),
  ];
  const columns = [
    { key: "returned_on", label: "Returned", tight: true }, { key: "originated_on", label: "Originated", tight: true }, { key: "code", label: "Code" }, { key: "reason", label: "Reason", render: words },
    { key: "transaction_id", label: "Transaction", kind: "id" }, { key: "hospital_id", label: "Hospital" },
    { key: "attempt", label: "Presentment", kind: "count" }, { key: "amount", label: "Amount", kind: "money" },
  ];
  const row = retries.data?.rows[0];
  return html`<div class="grid">
    <${Card} title="Rates against the limits" hint="Lines at 60, 80 and 100 % of each limit" actions=${limits[2].data && html`<${Definition} kpi=${limits[2].data} asOf=${limits[2].data.as_of} />`}>
      <div class="bars">${limits.map((limit, n) => html`<${Shown} key=${n} of=${limit} lines=${2}>${(kpi) => html`<${Limit} kpi=${kpi} />`}<//>`)}</div>
    <//>
    <${Card} title="Rates by week of origination" hint="The last weeks are not over; weeks with too few entries are left out" actions=${trend.data && html`<${Definition} kpi=${trend.data} asOf=${trend.data.as_of} />`}>
      <${Shown} of=${trend} empty="No week has enough entries to tell a rate." isEmpty=${(data) => data.rows.every((each) => few(data, each, "returned_percent"))}>${({ rows }) => html`<${Chart} height=${240} label="Return rates by week of origination" deps=${[rows]} option=${() => ({
        xAxis: { type: "category", data: rows.map((each) => each.week) }, yAxis: { type: "value", axisLabel: { formatter: "{value} %" } },
        series: [["unauthorized", "chart-4"], ["administrative", "chart-3"], ["returned", "chart-1"]].map(([key, tone], n) => ({
          name: CLASSES[n][1], type: "line", symbolSize: 6, itemStyle: { color: colour(tone) }, data: rows.map((each) => (few(trend.data, each, `${key}_percent`) ? null : each[`${key}_percent`])),
          markLine: { symbol: "none", silent: true, lineStyle: { color: colour(tone), type: "dashed", opacity: 0.6 }, label: { show: true, position: "insideEndTop", formatter: `limit ${CLASSES[n][2]} %`, color: colour("text-soft"), fontSize: 11 }, data: [{ yAxis: CLASSES[n][2] }] },
        })),
      })} />`}<//>
    <//>
    <${Card} wide title="Hospitals nearest to a limit" hint="Left: how many more returns exceed the limit. Choose one to see it alone" actions=${html`${sites.data && html`<${Definition} kpi=${sites.data} asOf=${sites.data.as_of} />`}<${Csv} name="returns-by-hospital" columns=${siteColumns} rows=${sites.data?.rows} />`}>
      <${Shown} of=${sites} empty="No debit entry in these 60 days.">${({ rows }) => html`<${Table} name="sites" label="Hospitals nearest to a limit" columns=${siteColumns} rows=${rows}
        open=${(each) => link("returns", { ...filtersOf(params), hospital: each.hospital_id })} />`}<//>
    <//>
    <${Card} title="Return codes by week" hint="Week in which the entry came back" actions=${html`<${Csv} name="returns-by-week" columns=${["code", "week", "returns", "returned_amount"].map((key) => ({ key }))} rows=${heat.data?.rows} />`}>
      <${Shown} of=${heat} empty="Nothing came back in these 60 days.">${({ rows }) => html`<${Heat} rows=${rows} />`}<//>
    <//>
    <${Card} title="Retries" hint="Debits presented again after R01 or R09" actions=${retries.data && html`<${Definition} kpi=${retries.data} asOf=${retries.data.as_of} />`}>
      <${Shown} of=${retries} empty="Nothing was presented again in these 60 days." isEmpty=${() => !row?.represented}>${() => html`<p class="verdict">${few(retries.data, row, "settled_percent") ? html`Settled: <strong>${few(retries.data, row, "settled_percent")}</strong> whose end is known, too few to compare` : html`Settled: <strong>${percent(row.settled_percent)}</strong> of ${count(row.n)} whose end is known`}</p>
        <div class="flow counts">${[["Presented again", row.represented, ""], ["Settled", row.settled_entries, "good"], ["Came back again", row.returned_again, "bad"], ["Still under way", row.represented - row.n, "warn"]].map(([label, n, tone]) => html`
          <div class="row" key=${label}><span>${label}</span><span class="track"><i class=${tone} style=${{ width: `${(100 * n) / row.represented}%` }}></i></span><strong class="num right">${count(n)}</strong></div>`)}</div>`}<//>
    <//>
    <${Card} wide title="Returned debits" hint="Newest first, 500 at most" actions=${html`<${Csv} name="returned-debits" columns=${[...columns, { key: "credit_reference" }]} rows=${list.data?.rows} />`}>
      <${Shown} of=${list} empty="Nothing came back in these 60 days.">${({ rows }) => html`<${Table} name="returned" label="Returned debits" columns=${columns} rows=${rows} params=${params} open=${(each) => link("trace", { ...filtersOf(params), id: each.transaction_id })} />`}<//>
    <//>
  </div>`;
}

function Heat({ rows }) {
  const codes = [...new Set(rows.map((row) => row.code))].sort().reverse();
  const weeks = [...new Set(rows.map((row) => row.week))].sort();
  const most = Math.max(...rows.map((row) => row.returns));
  return html`<${Chart} height=${80 + 30 * codes.length} label=${`Returns by code and week: ${codes.join(", ")}`} deps=${[rows]} option=${() => ({
    legend: null, tooltip: { trigger: "item", formatter: ({ value: [week, code, n] }) => `${code}, week of ${weeks[week]}: ${n}`.replace(code, codes[code]) },
    grid: { top: 4, bottom: 4 },
    xAxis: { type: "category", data: weeks.map((week) => week.slice(5)), splitLine: { show: false } },
    yAxis: { type: "category", data: codes, splitLine: { show: false }, axisLine: { show: false } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: [colour("heat-0"), colour("heat-1")] } },
    series: [{ type: "heatmap", data: rows.map((row) => [weeks.indexOf(row.week), codes.indexOf(row.code), row.returns]), label: { show: true, color: colour("text") }, itemStyle: { borderColor: colour("surface"), borderWidth: 2, borderRadius: 4 } }],
  })} />`;
}
