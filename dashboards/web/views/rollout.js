// Rollout: which hospital is in which phase, what its numbers say about the next one, and the switch.
import { html, useState } from "../lib/ui.js";
import { Card, Chip, Definition, Shown } from "../lib/blocks.js";
import { send, useSession } from "../lib/act.js";
import { address, useApi } from "../lib/data.js";
import { byUnit, count, few, target } from "../lib/format.js";
import { filtersOf, link } from "../lib/route.js";
import { Said, Sure } from "../lib/sure.js";
import { Csv, Table } from "../lib/table.js";

const MEANING = [["shadow", "records only, nothing is sent to the bank"], ["assisted", "every payment waits for a person"], ["live", "acts by the rules"], ["paused", "takes nothing new, lets what is under way finish"], ["debits_held", "debits wait for a person, too many came back; credits go on"]];
// what is looked at before a hospital goes on to the next phase
const GATES = ["approval_time", "traceability", "straight_through", "match_rate", "returns_unauthorized", "returns_administrative", "returns_all", "exception_backlog"];
const AGAINST = new Set(["missed", "breach"]);

export function Rollout({ period, params }) {
  const phases = useApi("/api/v1/rollouts");
  const known = useApi("/api/v1/kpis/hospitals");
  const said = Object.fromEntries((phases.data?.hospitals ?? []).map((each) => [each.hospital_id, each]));
  const names = [...new Set([...(known.data?.rows ?? []).map((row) => row.hospital_id), ...Object.keys(said)])].sort();
  const rows = names.map((name) => ({ hospital_id: name, phases: said[name]?.phases ?? ["live"], since: said[name]?.since ?? null, changed_by: said[name]?.changed_by ?? "" }));
  const columns = [
    { key: "hospital_id", label: "Hospital" }, { key: "phases", label: "Phase", render: (value) => value.map((phase) => html`<${Chip} key=${phase} of=${phase} /> `) },
    { key: "since", label: "Since", kind: "instant" }, { key: "changed_by", label: "Changed by", render: (value) => value || "–" },
  ];
  const chosen = rows.find((row) => row.hospital_id === period.hospital);
  return html`<div class="grid">
    <${Card} title="Hospitals" hint="A hospital that no change speaks of is live. Choose one to see its numbers and to change its phase" actions=${html`<${Csv} name="rollout" columns=${columns} rows=${rows} />`}>
      <${Shown} of=${phases} empty="No hospital is known yet." isEmpty=${() => !rows.length}>${() => html`<${Table} name="rollout" label="Phases of hospitals" columns=${columns} rows=${rows} identity=${(row) => row.hospital_id} open=${(row) => link("rollout", { ...filtersOf(params), hospital: row.hospital_id })} />`}<//>
    <//>
    ${chosen ? html`<${Evidence} key=${chosen.hospital_id} row=${chosen} period=${period} params=${params} />` : html`<${Meaning} />`}
    ${chosen && html`<${Meaning} wide />`}
  </div>`;
}

const Meaning = ({ wide = false }) => html`<${Card} wide=${wide} title="What the phases mean"><dl class="pairs">${MEANING.map(([phase, words]) => html`<dt key=${phase}><${Chip} of=${phase} /></dt><dd>${words}</dd>`)}</dl><//>`;

function Evidence({ row, period, params }) {
  const page = useApi(address("/api/v1/kpis", { ...period, baseline: "false" }));
  const columns = [
    { key: "title", label: "Number", render: (value, kpi) => html`<a href=${link(kpi.leads, filtersOf(params))}>${value}</a>` },
    { key: "value", label: "Is", tight: true, render: (value, kpi) => few(kpi, kpi.row, kpi.column) || byUnit(value, kpi.unit) },
    { key: "target", label: "Target", render: (value) => (value.startsWith("none") ? "–" : target(value)) },
    { key: "state", label: "Says", render: (value) => (value === "no_target" ? "–" : html`<${Chip} of=${value} />`) },
    { key: "name", label: "Means", render: (_, kpi) => html`<${Definition} kpi=${kpi} asOf=${page.data?.as_of} />` },
  ];
  const gatesOf = (kpis) => GATES.map((name) => kpis.find((kpi) => kpi.name === name)).filter(Boolean);
  return html`<${Card} title=${`What the numbers of ${row.hospital_id} say`} hint=${`${period.from} to ${period.to}`}
      actions=${html`<${Csv} name=${`numbers-${row.hospital_id}`} columns=${["name", "title", "value", "n", "target", "state"].map((key) => ({ key }))} rows=${page.data && gatesOf(page.data.kpis)} />`}>
    <${Shown} of=${page} lines=${6}>${({ kpis }) => {
      const gates = gatesOf(kpis);
      const against = gates.filter((kpi) => AGAINST.has(kpi.state));
      const silent = gates.filter((kpi) => ["no_data", "too_few"].includes(kpi.state));
      return html`<p class="verdict">${against.length ? html`<${Chip} of="missed">${count(against.length)} against<//> ${against.map((kpi) => kpi.title).join(", ")}` : html`<${Chip} of="met">Nothing against it<//>`}${silent.length > 0 && html` <span class="hint">${count(silent.length)} without enough data</span>`}</p>
        <${Table} name="gates" label=${`Numbers of ${row.hospital_id}`} columns=${columns} rows=${gates} identity=${(kpi) => kpi.name} />`;
    }}<//>
    <${Switch} row=${row} />
  <//>`;
}

// Puts the hospital into another phase; what is under way finishes
function Switch({ row }) {
  const { may, named } = useSession();
  const [phase, setPhase] = useState("");
  const [who, setWho] = useState("");
  const [said, setSaid] = useState({ words: "", bad: false });
  if (!may("rules:activate")) return null;
  const go = async () => {
    try {
      const { data } = await send("POST", "/api/v1/rollouts", { hospital_id: row.hospital_id, phase, changed_by: named ? "" : who });
      setSaid({ words: data.agreed ? `${row.hospital_id} is ${phase}.` : "Recorded; some partitions change in a moment.", bad: false });
    } catch (error) {
      setSaid({ words: error.message, bad: true });
    }
  };
  return html`<div class="bench"><div class="bench-head">
      <label class="hint">Phase <select value=${phase} onChange=${(event) => setPhase(event.target.value)}><option value="">as it is</option>${MEANING.filter(([name]) => !row.phases.includes(name) || row.phases.length > 1).map(([name]) => html`<option key=${name} value=${name}>${name.replace("_", " ")}</option>`)}</select></label>
      ${!named && html`<label class="hint">Your name <input value=${who} maxlength="128" onInput=${(event) => setWho(event.target.value)} /></label>`}
      <${Sure} words="Change it" sure=${`Yes, ${row.hospital_id} becomes ${phase.replace("_", " ")}`} disabled=${!phase || (!named && !who.trim())} act=${go} /></div>
    <${Said} of=${said} /></div>`;
}
