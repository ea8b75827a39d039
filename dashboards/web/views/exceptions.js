// The work queue: what needs a person, how old it is, and how it came and went.
import { html, useEffect, useState } from "../lib/ui.js";
import { Card, Chip, Definition, Shown } from "../lib/blocks.js";
import { Chart, colour } from "../lib/chart.js";
import { useSession } from "../lib/act.js";
import { address, get, useApi, useKpi } from "../lib/data.js";
import { day, isTransaction, plain, sentence, words } from "../lib/format.js";
import { filtersOf, link } from "../lib/route.js";
import { Adjustments } from "./adjustments.js";
import { Case } from "./case.js";
import { Desk } from "./desk.js";
import { Csv, Table } from "../lib/table.js";

const AGES = [["days_0_1", "0–1 day"], ["days_1_3", "1–3 days"], ["days_3_7", "3–7 days"], ["days_7_30", "7–30 days"], ["days_over_30", "over 30 days"]];
const SHOWN = [["mine", "Mine"], ["nobody", "Nobody has"], ["late", "Late"], ["high", "$1,000 and more"]];

export function Exceptions({ period, params, change }) {
  const ageing = useKpi("exception_ageing", period);
  const flow = useKpi("exception_flow", period);
  const { session, named } = useSession();
  const kept = { mine: { owner: session?.name }, nobody: { owner: "-" }, late: { late: "true" }, high: { amount_min: "1000.00" } }[params.show];
  const asked = { state: params.state || "open", code: params.code, severity: params.severity, ...kept, hospital_id: period.hospital, limit: 100 };
  const url = address("/api/v1/exceptions", asked);
  const first = useApi(url);
  const [further, setFurther] = useState({ rows: [], next: null, of: "" });
  useEffect(() => setFurther({ rows: [], next: null, of: "" }), [url]);
  const name = (row) => `${row.credit_reference} ${row.exception_id}`;
  const newest = first.data?.exceptions ?? [];
  const known = new Set(newest.map(name));
  // what came meanwhile has moved rows from the first page to the next
  const rows = [...newest, ...(further.of === url ? further.rows.filter((row) => !known.has(name(row))) : [])];
  const next = further.of === url ? further.next : first.data?.next;
  const more = async () => {
    const page = await get(next);
    setFurther((before) => ({ rows: [...(before.of === url ? before.rows : []), ...page.exceptions], next: page.next, of: url }));
  };
  const codes = [...new Set([...(ageing.data?.rows ?? []).map((row) => row.code), ...(params.code ? [params.code] : [])])].sort();
  const [chosen, setChosen] = useState(new Set());
  const pick = (row) => setChosen((before) => {
    const after = new Set(before);
    return row.state !== "open" || after.delete(name(row)) ? after : after.add(name(row));
  });
  const columns = [
    { key: "pick", label: "Pick", render: (_, row) => row.state === "open" && html`<input type="checkbox" tabindex="-1" aria-label=${`Pick ${row.exception_id}`} checked=${chosen.has(name(row))} onChange=${() => pick(row)} />` },
    { key: "opened_at", label: "Opened", kind: "instant" }, { key: "severity", label: "Severity", render: (value) => html`<${Chip} of=${value} />` },
    { key: "code", label: "Cause", render: words }, { key: "about", label: "About", kind: "id" }, { key: "hospital_id", label: "Hospital" },
    { key: "owner", label: "Owner" }, { key: "due_at", label: "Due before", render: (value, row) => html`<span class="due">${day(value)} ${row.overdue && html`<${Chip} of=${row.overdue} />`}</span>` },
    { key: "detail", label: "Detail", render: (value) => sentence(plain(value)) || "–" },
    ...(asked.state === "open" ? [] : [{ key: "state", label: "State", render: (value) => html`<${Chip} of=${value} />` }]),
    { key: "amount", label: "Amount", kind: "money" },
  ];
  const choice = (name, label, values, all) => html`<label class="hint">${label} <select value=${params[name] || (name === "state" ? "open" : "")} onChange=${(event) => change({ [name]: event.target.value })}>
    ${all && html`<option value="" selected=${!params[name]}>${all}</option>`}${values.map(([value, text]) => html`<option key=${value} value=${value} selected=${(params[name] || (name === "state" ? "open" : "")) === value}>${text}</option>`)}</select></label>`;
  const picked = rows.filter((row) => row.state === "open" && chosen.has(name(row)));
  return html`<div class="grid">
    <${Card} title="Age of what is open" hint="By cause; as it stands now, whatever the period" actions=${html`${ageing.data && html`<${Definition} kpi=${ageing.data} asOf=${ageing.data.as_of} />`}<${Csv} name="exception-ageing" columns=${["code", ...AGES.map(([key]) => key), "open", "open_amount"].map((key) => ({ key }))} rows=${ageing.data?.rows} />`}>
      <${Shown} of=${ageing} empty="Nothing is open." emptyHint="Well done.">${({ rows: causes }) => html`<${Chart} height=${70 + 44 * causes.length} label=${`Open exceptions by age: ${causes.map((row) => `${words(row.code)} ${row.open}`).join(", ")}`} deps=${[causes]}
        onClick=${({ name }) => change({ code: causes.find((row) => words(row.code) === name)?.code ?? "" })} option=${() => ({
        xAxis: { type: "value", minInterval: 1 }, yAxis: { type: "category", inverse: true, data: causes.map((row) => words(row.code)) },
        series: AGES.map(([key, label], n) => ({ name: label, type: "bar", stack: "age", barMaxWidth: 22, itemStyle: { color: colour(`age-${n + 1}`) }, data: causes.map((row) => row[key]) })),
      })} />`}<//>
    <//>
    <${Card} title="Opened and closed" hint="By business date, with what was open at its close" actions=${html`${flow.data && html`<${Definition} kpi=${flow.data} asOf=${flow.data.as_of} />`}<${Csv} name="exception-flow" columns=${["day", "opened", "closed", "open_at_close"].map((key) => ({ key }))} rows=${flow.data?.rows} />`}>
      <${Shown} of=${flow} empty="Nothing was opened or closed in this period.">${({ rows: days }) => html`<${Chart} height=${Math.max(220, 70 + 44 * (ageing.data?.rows.length ?? 0))} label=${`Exceptions opened and closed on ${days.length} days`} deps=${[days]} option=${() => ({
        xAxis: { type: "category", data: days.map((row) => row.day) }, yAxis: [{ type: "value", minInterval: 1, name: "a day", nameLocation: "end" }, { type: "value", name: "open", nameTextStyle: { align: "right", color: colour("text-soft") }, splitLine: { show: false }, minInterval: 1 }], grid: { top: 54 },
        series: [{ name: "Opened", type: "bar", data: days.map((row) => row.opened), barMaxWidth: 14 }, { name: "Closed", type: "bar", data: days.map((row) => row.closed), barMaxWidth: 14 }, { name: "Open at close", yAxisIndex: 1, type: "line", step: "end", symbol: "none", data: days.map((row) => row.open_at_close) }],
      })} />`}<//>
    <//>
    <${Card} wide title="Queue" hint="Arrow keys or j and k move, x picks, Enter opens the trace. One that is picked alone is shown with all that can be done" actions=${html`
      ${choice("show", "Show", named ? SHOWN : SHOWN.slice(1), "All")}
      ${choice("state", "State", [["open", "Open"], ["closed", "Closed"], ["all", "All"]])}
      ${choice("code", "Cause", codes.map((code) => [code, words(code)]), "All")}
      ${choice("severity", "Severity", ["critical", "high", "medium", "low"].map((value) => [value, words(value)]), "All")}
      <${Csv} name="exceptions" columns=${[...columns.slice(1), { key: "exception_id" }, { key: "credit_reference" }, { key: "suggested_action" }, { key: "closed_at" }, { key: "how" }]} rows=${rows} />`}>
      <${Desk} picked=${picked} forget=${() => setChosen(new Set())} />
      ${picked.length === 1 && html`<${Case} key=${name(picked[0])} row=${picked[0]} params=${filtersOf(params)} />`}
      <${Shown} of=${first} empty="Nothing fits these filters." emptyHint="Open exceptions close by themselves when their cause goes away." isEmpty=${() => rows.length === 0}>${() => html`
        <${Table} name="exceptions" label="Exceptions" columns=${columns} rows=${rows} params=${params} identity=${name} pick=${pick} open=${(row) => isTransaction(row.about) && link("trace", { ...filtersOf(params), id: row.about })} />
        ${next && html`<button type="button" class="more" onClick=${more}>Load 100 more</button>`}`}<//>
    <//>
    <${Adjustments} period=${period} params=${params} change=${change} />
  </div>`;
}
