// Adjustments of the books: what one person proposed and another one approves or rejects.
import { html, useState } from "../lib/ui.js";
import { Card, Chip, Shown } from "../lib/blocks.js";
import { send, useSession } from "../lib/act.js";
import { address, useApi } from "../lib/data.js";
import { money, words } from "../lib/format.js";
import { Said, Sure } from "../lib/sure.js";
import { Csv, Table } from "../lib/table.js";
import { OUTCOMES } from "./case.js";

const STATES = [["proposed", "Waiting"], ["approved", "Approved"], ["rejected", "Rejected"], ["all", "All"]];

export function Adjustments({ period, params, change }) {
  const { session, may, named } = useSession();
  const state = params.adjustments || "proposed";
  const found = useApi(address("/api/v1/adjustments", { state }));
  const rows = (found.data?.adjustments ?? []).filter((row) => !period.hospital || row.hospital_id === period.hospital);
  const [said, setSaid] = useState({ words: "", bad: false });
  const [who, setWho] = useState("");
  const known = named || who.trim();
  const decide = async (row, verb, deed) => {
    setSaid({ words: "", bad: false });
    try {
      const url = `/api/v1/adjustments/${encodeURIComponent(row.adjustment_id)}/${verb}`;
      const { data } = await send("POST", url, { credit_reference: row.credit_reference, actor: named ? "" : who });
      setSaid({ words: `${deed} ${money(row.amount)}: ${OUTCOMES[data.outcome] ?? data.outcome}. ${data.detail}`, bad: false });
    } catch (error) {
      setSaid({ words: error.message, bad: true });
    }
  };
  const own = (row) => named && row.maker === session.name;
  const columns = [
    { key: "proposed_at", label: "Proposed", kind: "instant" }, { key: "form", label: "Kind", render: words }, { key: "about", label: "About", kind: "id" }, { key: "hospital_id", label: "Hospital" },
    { key: "reason", label: "Reason" }, { key: "maker", label: "By" }, { key: "checker", label: "Decided by" },
    { key: "state", label: "State", render: (value, row) => (value !== "proposed" ? html`<${Chip} of=${value} />` : html`<span class="activate">
      ${may("exceptions:approve") && !own(row) && html`<${Sure} words="Approve" name=${`Approve ${row.adjustment_id}`} sure=${`Yes, ${words(row.form).toLowerCase()} ${money(row.amount)}`} disabled=${!known} act=${() => decide(row, "approve", "Approved")} />`}
      ${(may("exceptions:approve") || may("exceptions:write")) && html`<${Sure} words=${own(row) ? "Take back" : "Reject"} name=${`${own(row) ? "Take back" : "Reject"} ${row.adjustment_id}`} sure="Yes, reject it" disabled=${!known} act=${() => decide(row, "reject", "Rejected")} />`}
      ${!may("exceptions:approve") && html`<span class="hint">waits for an approver</span>`}</span>`) },
    { key: "amount", label: "Amount", kind: "money" },
  ];
  return html`<${Card} wide title="Adjustments" hint="One person proposes, another one approves; nothing moves before" actions=${html`
      ${!named && may("exceptions:approve") && html`<label class="hint">Your name <input value=${who} maxlength="128" onInput=${(event) => setWho(event.target.value)} /></label>`}
      <label class="hint">State <select value=${state} onChange=${(event) => change({ adjustments: event.target.value })}>${STATES.map(([value, text]) => html`<option key=${value} value=${value} selected=${value === state}>${text}</option>`)}</select></label>
      <${Csv} name="adjustments" columns=${[...columns, { key: "adjustment_id" }, { key: "credit_reference" }, { key: "decided_at" }]} rows=${rows} />`}>
    <${Said} of=${said} />
    <${Shown} of=${found} empty=${state === "proposed" ? "Nothing waits for a second person." : "None."} isEmpty=${() => !rows.length}>${() => html`
      <${Table} name="adjustments" label="Adjustments" columns=${columns} rows=${rows} params=${params} identity=${(row) => `${row.credit_reference} ${row.adjustment_id}`} />`}<//>
  <//>`;
}
