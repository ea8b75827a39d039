// A bank account in the clear, for a purpose, for one minute: nothing of it stays in the page.
import { html, useEffect, useState } from "../lib/ui.js";
import { send, useSession } from "../lib/act.js";
import { words } from "../lib/format.js";
import { Said, Sure } from "../lib/sure.js";

const SHOWN_MS = 60_000;
const NOTHING = { words: "", bad: false };

export function Reveal({ payment }) {
  const { named } = useSession();
  const [given, setGiven] = useState({ payment, purpose: "", ticket: "", who: "" });
  const [seen, setSeen] = useState(null);
  const [said, setSaid] = useState(NOTHING);
  useEffect(() => {
    if (!seen) return undefined;
    const timer = setTimeout(() => setSeen(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [seen]);
  const set = (name) => (event) => setGiven((before) => ({ ...before, [name]: event.target.value }));
  const ready = given.payment.trim() && given.purpose.trim() && (named || given.who.trim());
  const go = async () => {
    setSeen(null);
    setSaid(NOTHING);
    try {
      const body = { purpose: given.purpose.trim(), ticket: given.ticket.trim(), requested_by: named ? "" : given.who.trim() };
      const { data } = await send("POST", `/api/v1/payments/${encodeURIComponent(given.payment.trim())}/reveal`, body);
      setSeen(data);
    } catch (error) {
      setSaid({ words: error.message, bad: true });
    }
  };
  return html`<div class="bench">
    <div class="fields">
      <label class="hint whole">Transaction id <input value=${given.payment} maxlength="128" onInput=${set("payment")} /></label>
      <label class="hint">What for <input value=${given.purpose} maxlength="200" onInput=${set("purpose")} /></label>
      <label class="hint">Ticket <input value=${given.ticket} maxlength="128" onInput=${set("ticket")} /></label>
      ${!named && html`<label class="hint">Your name <input value=${given.who} maxlength="128" onInput=${set("who")} /></label>`}
    </div>
    <p class="hint">Purpose and ticket stay in the journal for ever: they name no patient and no account.</p>
    <div><${Sure} words="Show it" sure="Yes, show it and put that on record" disabled=${!ready} act=${go} /></div>
    <${Said} of=${said} />
    ${seen && html`<dl class="pairs" data-revealed>
      <dt>Name</dt><dd>${seen.name}</dd><dt>Routing number</dt><dd>${seen.routing_number}</dd><dt>Account number</dt><dd><strong>${seen.account_number}</strong></dd><dt>Kind</dt><dd>${words(seen.account_type)}</dd></dl>
      <div class="bench-head"><span class="hint" role="status">It goes away after a minute. Write it down nowhere.</span><button type="button" class="plain-button" onClick=${() => setSeen(null)}>Hide it</button></div>`}
  </div>`;
}
