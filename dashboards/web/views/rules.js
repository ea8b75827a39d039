// Rules and alerts: the books in force, what fired, what a shadow would have done, and what risk was told.
import { html, useEffect, useState } from "../lib/ui.js";
import { Card, Chip, Definition, Shown } from "../lib/blocks.js";
import { useSession } from "../lib/act.js";
import { address, get, useApi, useKpi } from "../lib/data.js";
import { instant, plain, words } from "../lib/format.js";
import { filtersOf, link } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";
import { Activate, Workbench } from "./workbench.js";

export function Rules({ period, params, change }) {
  const { may } = useSession();
  const rules = useApi("/api/v1/rules");
  const versions = useApi("/api/v1/rules/versions");
  const shadow = useApi("/api/v1/rules/shadow");
  const hits = useKpi("rule_hits", period);
  const totals = useKpi("alerts", period);
  const alerts = useApi(address("/api/v1/alerts", { severity: params.severity, hospital_id: period.hospital, limit: 200 }));
  const groups = useApi(address("/api/v1/alerts/groups", { severity: params.severity, hospital_id: period.hospital, limit: 20 }));
  const hitColumns = [
    { key: "rule", label: "Rule", render: (value) => html`<code>${value}</code>` }, { key: "policy", label: "Book" }, { key: "hits", label: "Payments", kind: "count" },
    { key: "held", label: "Held", kind: "count" }, { key: "declined", label: "Declined", kind: "count" }, { key: "approved", label: "Approved", kind: "count" }, { key: "hit_amount", label: "Money", kind: "money" },
  ];
  const columns = [
    { key: "raised_at", label: "Raised", kind: "instant" }, { key: "severity", label: "Severity", render: (value) => html`<${Chip} of=${value} />` },
    { key: "rule", label: "Rule", render: (value) => html`<code>${value}</code>` }, { key: "explanation", label: "Why", render: plain }, { key: "about", label: "About", kind: "id" }, { key: "hospital_id", label: "Hospital" }, { key: "amount", label: "Amount", kind: "money" },
  ];
  const groupColumns = [
    { key: "hour", label: "Hour from", kind: "instant" }, { key: "severity", label: "Severity", render: (value) => html`<${Chip} of=${value} />` }, { key: "rule", label: "Rule", render: (value) => html`<code>${value}</code>` },
    { key: "hospital_id", label: "Hospital" }, { key: "alerts", label: "Alerts", kind: "count" }, { key: "amount", label: "Money", kind: "money" }, { key: "latest", label: "Latest", kind: "id" },
  ];
  const shadowColumns = [
    { key: "version", label: "Shadow" }, { key: "recorded", label: "Decided", render: (value) => html`<${Chip} of=${value} />` }, { key: "shadow", label: "Would have been", render: (value) => html`<${Chip} of=${value} />` },
    { key: "payments", label: "Payments", kind: "count" }, { key: "amount", label: "Money", kind: "money" },
  ];
  return html`<div class="grid">
    <${Card} title="Book in force">
      <${Shown} of=${rules}>${(data) => html`<dl class="pairs"><dt>Version</dt><dd><strong>${data.versions.join(", ")}</strong>${data.versions.length > 1 ? " (a change is on its way)" : ` in all ${data.partitions.length} partitions`}</dd>
        <dt>Since</dt><dd>${data.partitions[0].since ? instant(data.partitions[0].since) : "the beginning"}</dd><dt>Activated by</dt><dd>${data.partitions[0].activated_by || "ships with the program"}</dd></dl>
        ${data.versions.map((version) => html`<${Book} key=${version} version=${version} />`)}`}<//>
    <//>
    <${Card} title="Versions that were in force" hint="Each can be put in force again" actions=${html`<${Csv} name="rule-books" columns=${["version", "activated_at", "activated_by"].map((key) => ({ key }))} rows=${versions.data?.versions} />`}>
      <${Shown} of=${versions} empty="No version." isEmpty=${(data) => !data.versions.length}>${(data) => html`<${Table} name="versions" label="Versions" rows=${data.versions} columns=${[{ key: "version", label: "Version" }, { key: "activated_at", label: "Activated", render: (value) => (value ? instant(value) : "ships with the program") }, { key: "activated_by", label: "By" }, { key: "again", label: "Roll back", render: (_, row) => !rules.data?.versions.includes(row.version) && html`<${Activate} version=${row.version} words="Put in force again" />` }]} />`}<//>
    <//>
    <${Card} wide title="Rules that fired" hint="In the period" actions=${html`${hits.data && html`<${Definition} kpi=${hits.data} asOf=${hits.data.as_of} />`}<${Csv} name="rule-hits" columns=${hitColumns} rows=${hits.data?.rows} />`}>
      <${Shown} of=${hits} empty="No rule fired in this period." emptyHint="Every payment was approved as it stood.">${({ rows }) => html`<${Table} name="hits" label="Rules that fired" columns=${hitColumns} rows=${rows} />`}<//>
    <//>
    <${Card} wide title="Shadow" hint="A book that decides beside the one in force, and only reports" actions=${html`<${Csv} name="shadow" columns=${shadowColumns} rows=${shadow.data?.differing} />`}>
      <${Shown} of=${shadow} empty="No book runs as a shadow." emptyHint=${may("rules:try") && "Write one below and run it as a shadow."} isEmpty=${(data) => !data.running.length && !data.differing.length}>${(data) => html`
        <p class="hint">${data.running.length ? `${[...new Set(data.running.map((each) => each.version))].join(", ")} runs in ${data.running.length} partitions, begun by ${[...new Set(data.running.map((each) => each.shadowed_by))].join(", ")}` : "Ended; its numbers stay"}</p>
        ${[...new Set(data.running.map((each) => each.version))].map((version) => html`<div key=${version}><${Book} version=${version} /><${Activate} version=${version} words="Put in force" /></div>`)}
        ${data.differing.length ? html`<${Table} name="shadow" label="Where the shadow differs" columns=${shadowColumns} rows=${data.differing} />` : html`<p>It has decided everything alike so far.</p>`}`}<//>
    <//>
    <${Workbench} versions=${versions.data?.versions ?? []} params=${params} />
    <${Card} wide title="Alerts by rule and hour" hint="However many, one line; the latest 20" actions=${html`<${Csv} name="alert-groups" columns=${groupColumns} rows=${groups.data?.groups} />`}>
      <${Shown} of=${groups} empty="No alert." isEmpty=${(data) => !data.groups.length}>${(data) => html`<${Table} name="alert-groups" label="Alerts by rule and hour" columns=${groupColumns} rows=${data.groups} params=${params} open=${(row) => link("trace", { ...filtersOf(params), id: row.latest })} />`}<//>
    <//>
    <${Card} wide title="Alerts" hint=${totals.data?.rows[0] && `In the period: ${["critical", "high", "medium", "low"].map((name) => `${totals.data.rows[0][name]} ${name}`).join(", ")}. The list is the latest 200`} actions=${html`
      <label class="hint">Severity <select value=${params.severity ?? ""} onChange=${(event) => change({ severity: event.target.value })}><option value="" selected=${!params.severity}>All</option>${["critical", "high", "medium", "low"].map((name) => html`<option key=${name} value=${name} selected=${name === params.severity}>${words(name)}</option>`)}</select></label>
      <${Csv} name="alerts" columns=${columns} rows=${alerts.data?.alerts} />`}>
      <${Shown} of=${alerts} empty="No alert." isEmpty=${(data) => !data.alerts.length}>${(data) => html`<${Table} name="alerts" label="Alerts" columns=${columns} rows=${data.alerts} params=${params} open=${(row) => link("trace", { ...filtersOf(params), id: row.about })} />`}<//>
    <//>
  </div>`;
}

function Book({ version }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  useEffect(() => {
    if (open && !text) get(`/api/v1/rules/versions/${encodeURIComponent(version)}`).then((book) => setText(book.text), (error) => setText(error.message));
  }, [open]);
  return html`<details onToggle=${(event) => setOpen(event.currentTarget.open)}><summary>Text of ${version}</summary><pre class="book" tabindex="0">${text || "Loading"}</pre></details>`;
}
