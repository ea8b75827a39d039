// Is CREDIT told? What became of the latest webhooks, and the way on after a receiver said that it is gone.
import { html, useState } from "../lib/ui.js";
import { Card, Chip, Shown } from "../lib/blocks.js";
import { send, useSession } from "../lib/act.js";
import { useApi } from "../lib/data.js";
import { count, duration, words } from "../lib/format.js";
import { Said, Sure } from "../lib/sure.js";
import { Csv, Table } from "../lib/table.js";

const LATEST = 200;

export function Webhooks({ params }) {
  const { may } = useSession();
  return may("webhooks:read") ? html`<${Attempts} params=${params} />` : null;
}

function Attempts({ params }) {
  const found = useApi(`/api/v1/webhooks/deliveries?limit=${LATEST}`);
  const rows = found.data?.deliveries ?? [];
  const by = rows.reduce((sum, each) => ({ ...sum, [each.outcome]: (sum[each.outcome] ?? 0) + 1 }), {});
  const took = rows.filter((each) => each.outcome === "delivered").map((each) => each.duration_ms).sort((a, b) => a - b);
  const columns = [
    { key: "at", label: "Tried", kind: "instant" }, { key: "outcome", label: "Outcome", render: (value) => html`<${Chip} of=${value} />` }, { key: "transaction_id", label: "About", kind: "id" },
    { key: "attempt", label: "Attempt", kind: "count" }, { key: "status", label: "Answer", render: (value) => value || "none" }, { key: "reason", label: "Reason", render: (value) => value || "–" },
    { key: "next_at", label: "Again", kind: "instant" },
  ];
  const others = rows.filter((each) => each.outcome !== "delivered");
  return html`<${Card} wide title="Webhooks" hint=${rows.length ? `The latest ${count(rows.length)} attempts: ${Object.entries(by).map(([outcome, n]) => `${count(n)} ${words(outcome).toLowerCase()}`).join(", ")}${took.length ? `; half were answered within ${duration(took[took.length >> 1] / 1000)}` : ""}` : "Attempts to tell CREDIT"}
      actions=${html`<${Csv} name="webhooks" columns=${[...columns, { key: "delivery_id" }, { key: "credit_reference" }]} rows=${rows} />`}>
    ${by.gone > 0 && html`<${Enable} />`}
    <${Shown} of=${found} empty=${rows.length ? "All of them arrived." : "No webhook was tried yet."} isEmpty=${() => !others.length}>${() => html`
      <${Table} name="webhooks" label="Webhooks that did not arrive at once" columns=${columns} rows=${others} params=${params} />`}<//>
  <//>`;
}

function Enable() {
  const { may, named } = useSession();
  const [said, setSaid] = useState({ words: "", bad: false });
  const [who, setWho] = useState("");
  if (!may("webhooks:write")) return html`<p class="hint">A receiver answered 410 Gone: nothing is sent until an operator says otherwise.</p>`;
  const go = async () => {
    try {
      await send("POST", "/api/v1/webhooks/enable", { requested_by: named ? "" : who });
      setSaid({ words: "Asked for; what waited is sent now.", bad: false });
    } catch (error) {
      setSaid({ words: error.message, bad: true });
    }
  };
  return html`<div class="bench"><div class="bench-head"><span>A receiver answered 410 Gone: nothing is sent until somebody says otherwise.</span>
    ${!named && html`<label class="hint">Your name <input value=${who} maxlength="128" onInput=${(event) => setWho(event.target.value)} /></label>`}
    <${Sure} words="Send again" sure="Yes, the receiver is back" disabled=${!named && !who.trim()} act=${go} /></div><${Said} of=${said} /></div>`;
}
