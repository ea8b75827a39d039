// A button whose deed is asked for twice: money moves, or a hospital stops.
import { html, useState } from "./ui.js";

export function Sure({ words, sure, act, disabled = false, name = words }) {
  const [asked, setAsked] = useState(false);
  if (!asked || disabled) return html`<button type="button" class="plain-button" aria-label=${name} disabled=${disabled} onClick=${() => setAsked(true)}>${words}</button>`;
  return html`<span class="activate"><button type="button" class="plain-button sure" onClick=${() => { setAsked(false); act(); }}>${sure}</button>
    <button type="button" class="plain-button" onClick=${() => setAsked(false)}>No</button></span>`;
}

// what was said of a deed: the words, and whether it was refused
export function Said({ of }) {
  if (!of.words) return null;
  return html`<p class=${of.bad ? "trouble" : "hint"} role=${of.bad ? "alert" : "status"}>${of.words}</p>`;
}
