// The three-way tie-out: two sides of each number that must be equal, and what differs where they are not.
import { html } from "../lib/ui.js";
import { Card, Chip, Definition, Shown } from "../lib/blocks.js";
import { useKpi } from "../lib/data.js";
import { count, isTransaction, money } from "../lib/format.js";
import { filtersOf, link } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";

// what is compared, its two sides, and what of it is counted: one, several
const TIES = {
  ledger_bank: ["Cash", "Ledger", "Bank: settled, less what came back", "source", "sources"],
  bank_files: ["Settled payments", "Bank", "Our files", "payment", "payments"],
  ledger_balances: ["What patients owe", "Ledger: receivable", "Open balances", "account", "accounts"],
  journal_tables: ["Every effect", "Journal", "ClickHouse", "partition", "partitions"],
};
const sided = (row, side) => (row[`${side}_count`] === null ? money(row[`${side}_amount`]) : count(row[`${side}_count`]));
const difference = (row) => (row.left_count === null ? money(row.difference_amount) : count(Math.abs(row.left_count - row.right_count)));
const compared = ({ tie, n }) => `${count(n)} ${TIES[tie][n === 1 ? 3 : 4]}`;

export function TieOut({ period, params }) {
  const found = useKpi("tie_out", period);
  const rows = found.data?.rows ?? [];
  const broken = rows.reduce((sum, row) => sum + row.broken, 0);
  const columns = [
    { key: "tie", label: "What", render: (value) => html`<strong>${TIES[value][0]}</strong>` },
    { key: "left", label: "One side", render: (_, row) => html`${sided(row, "left")} <span class="hint">${TIES[row.tie][1]}</span>` },
    { key: "right", label: "The other", render: (_, row) => html`${sided(row, "right")} <span class="hint">${TIES[row.tie][2]}</span>` },
    { key: "n", label: "Compared", kind: "count", render: (_, row) => compared(row) },
    { key: "broken", label: "Result", render: (value, row) => (value ? html`<${Chip} of="breach">${`${count(value)} ${value === 1 ? "differs" : "differ"}`}<//>` : html`<${Chip} of="met">Ties out<//>`) },
    { key: "difference", label: "Difference", kind: "money", render: (_, row) => difference(row) },
  ];
  const taken = ["tie", "n", "left_amount", "right_amount", "difference_amount", "left_count", "right_count", "broken"].map((key) => ({ key }));
  return html`<${Card} wide title="Three-way tie-out" hint="Ledger, bank and tables tell the same: every difference is 0" id="tie-out" actions=${html`${found.data && html`<${Definition} kpi=${found.data} asOf=${found.data.as_of} />`}<${Csv} name="tie-out" columns=${taken} rows=${rows} />`}>
    <${Shown} of=${found} empty="Nothing to compare yet.">${() => html`<${Table} name="tie-out" label="Three-way tie-out" columns=${columns} rows=${rows} identity=${(row) => row.tie} />`}<//>
    ${rows.length > 0 && rows.length < Object.keys(TIES).length && html`<p class="hint">Open balances and the journal are compared for all hospitals together alone: money that one received may pay another's bill.</p>`}
    ${broken > 0 && html`<${Breaks} period=${period} params=${params} broken=${broken} />`}
  <//>`;
}

function Breaks({ period, params, broken }) {
  const found = useKpi("tie_out_breaks", period);
  const columns = [
    { key: "tie", label: "What", render: (value) => TIES[value][0] }, { key: "about", label: "About", kind: "id" },
    { key: "credit_reference", label: "Account", render: (value) => (value ? html`<code>${value}</code>` : "–") },
    { key: "left_amount", label: "One side", kind: "money" }, { key: "right_amount", label: "The other", kind: "money" }, { key: "difference_amount", label: "Difference", kind: "money" },
  ];
  return html`<div class="trouble" role="alert"><strong>${count(broken)} ${broken === 1 ? "place does" : "places do"} not tie out.</strong> Open a payment's trace, run <code>hms-ach verify</code>, and tell whoever runs the ledger.</div>
    <${Shown} of=${found} empty="It ties out by now.">${({ rows }) => html`<${Table} name="tie-breaks" label="What does not tie out" columns=${columns} rows=${rows} params=${params} open=${(row) => isTransaction(row.about) && link("trace", { ...filtersOf(params), id: row.about })} />
      <p><${Csv} name="tie-out-breaks" columns=${columns} rows=${rows} /></p>`}<//>`;
}
