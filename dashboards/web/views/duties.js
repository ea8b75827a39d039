// What is owed to a person: a legal hold that keeps their data, an erasure that ends it for good.
import { html, useState } from "../lib/ui.js";
import { send, useSession } from "../lib/act.js";
import { words } from "../lib/format.js";
import { Said, Sure } from "../lib/sure.js";

const OUTCOMES = { done: "done", already: "so already", deferred: "put off until its open payment has ended", refused: "refused" };

export function Duties({ patient, standing }) {
  const { named } = useSession();
  const [given, setGiven] = useState({ ticket: "", typed: "", who: "" });
  const [said, setSaid] = useState({ words: "", bad: false });
  const set = (name) => (event) => setGiven((before) => ({ ...before, [name]: event.target.value }));
  const held = (standing?.accounts ?? []).some((account) => account.legal_hold);
  const erased = Boolean(standing?.erased_at);
  const known = Boolean(standing?.accounts.length || standing?.sealed) && (named || given.who.trim());
  const act = async (what, more, deed) => {
    setSaid({ words: "", bad: false });
    try {
      const body = { ...more, ticket: given.ticket.trim(), requested_by: named ? "" : given.who.trim() };
      const { data } = await send("POST", `/api/v1/subjects/${encodeURIComponent(patient)}/${what}`, body);
      const accounts = data.accounts.map((each) => `${each.credit_reference} ${OUTCOMES[each.outcome]}${each.reason ? ` (${words(each.reason).toLowerCase()})` : ""}`).join("; ");
      setSaid({ words: `${data.complete ? deed : "Not finished"}. ${accounts}`, bad: data.accounts.some((each) => each.outcome === "refused") });
      setGiven((before) => ({ ...before, typed: "" }));
    } catch (error) {
      setSaid({ words: error.message, bad: true });
    }
  };
  return html`<div class="bench">
    <div class="fields"><label class="hint">Ticket <input value=${given.ticket} maxlength="128" onInput=${set("ticket")} /></label>
      ${!named && html`<label class="hint">Your name <input value=${given.who} maxlength="128" onInput=${set("who")} /></label>`}</div>
    <div class="bench-head"><span>${held ? "A legal hold lasts: nothing of this person is erased." : "No legal hold. While one lasts, nothing of this person is erased."}</span>
      ${held
    ? html`<${Sure} key="end" words="End the legal hold" sure="Yes, end it" disabled=${!known} act=${() => act("hold", { held: false }, "The legal hold has ended")} />`
    : html`<${Sure} key="begin" words="Begin a legal hold" sure="Yes, hold all accounts" disabled=${!known || erased} act=${() => act("hold", { held: true }, "A legal hold lasts")} />`}</div>
    ${erased ? html`<p class="hint">This person is erased; their keys are destroyed.</p>` : html`<div>
      <p><strong>Erasing destroys the person's keys, and cannot be undone.</strong></p>
      <ul class="plain-list">
        <li>Names, account numbers, telephone numbers and addresses can never be opened again, neither here nor in Kafka. Only an older backup of the keys still could: let it end.</li>
        <li>Amounts, dates, hashes and tokens stay, so the books still add up and the chain still verifies.</li>
        <li>Consents and mandates end; new payments of the person are refused, messages that wait are held back.</li>
        <li>A payment under way puts it off: nothing new begins, and it is finished when the payment has ended. A legal hold refuses it.</li>
      </ul>
      <div class="bench-head"><label class="hint">Type the token to erase <input value=${given.typed} maxlength="128" autocomplete="off" onInput=${set("typed")} /></label>
        <${Sure} words="Erase this person" sure="Yes, destroy the keys for good" disabled=${!known || held || given.typed.trim() !== patient} act=${() => act("erase", {}, "Erased")} /></div></div>`}
    <${Said} of=${said} />
  </div>`;
}
