// Rollout: which hospital is in which phase.
import { html } from "../lib/ui.js";
import { Card, Chip, Shown } from "../lib/blocks.js";
import { useApi } from "../lib/data.js";
import { Csv, Table } from "../lib/table.js";

const MEANING = [["shadow", "records only, nothing is sent to the bank"], ["assisted", "every payment waits for a person"], ["live", "acts by the rules"], ["paused", "takes nothing new, lets what is under way finish"], ["debits_held", "debits wait for a person, too many came back; credits go on"]];

export function Rollout() {
  const phases = useApi("/api/v1/rollouts");
  const known = useApi("/api/v1/kpis/hospitals");
  const said = Object.fromEntries((phases.data?.hospitals ?? []).map((each) => [each.hospital_id, each]));
  const names = [...new Set([...(known.data?.rows ?? []).map((row) => row.hospital_id), ...Object.keys(said)])].sort();
  const rows = names.map((name) => ({ hospital_id: name, phases: said[name]?.phases ?? ["live"], since: said[name]?.since ?? null, changed_by: said[name]?.changed_by ?? "" }));
  const columns = [
    { key: "hospital_id", label: "Hospital" }, { key: "phases", label: "Phase", render: (value) => value.map((phase) => html`<${Chip} key=${phase} of=${phase} /> `) },
    { key: "since", label: "Since", kind: "instant" }, { key: "changed_by", label: "Changed by", render: (value) => value || "–" },
  ];
  return html`<div class="grid">
    <${Card} title="Hospitals" hint="A hospital that no change speaks of is live" actions=${html`<${Csv} name="rollout" columns=${columns} rows=${rows} />`}>
      <${Shown} of=${phases} empty="No hospital is known yet." isEmpty=${() => !rows.length}>${() => html`<${Table} name="rollout" label="Phases of hospitals" columns=${columns} rows=${rows} />`}<//>
    <//>
    <${Card} title="What the phases mean" hint="hms-ach rollout changes one"><dl class="pairs">${MEANING.map(([phase, words]) => html`<dt key=${phase}><${Chip} of=${phase} /></dt><dd>${words}</dd>`)}</dl><//>
  </div>`;
}
