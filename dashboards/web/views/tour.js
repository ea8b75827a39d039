// A short way round for who is here for the first time. Seen once, it is remembered in this browser; the menu's foot shows it again.
import { html, useEffect, useRef, useState } from "../lib/ui.js";
import { filtersOf, link } from "../lib/route.js";

const SEEN = "hms-ach.tour";
// view, what is marked there, title, words; the first one stays wherever somebody came in
const STOPS = [
  ["", "", "Welcome", "Six places, one minute, nothing is changed. Escape ends it; Take the tour, in the menu, shows it again."],
  ["overview", ".tile", "The five-minute check", "One tile for each target: the number, of how many, and whether it is met. A rate of too few cases says so instead of alarming."],
  ["overview", ".tile .info", "What a number means", "The i beside it opens its definition, what to beware of, and the SQL that made it."],
  ["overview", ".filters", "What you look at", "Period and hospital hold for every view and stand in the address: send the link, and others see the same."],
  ["returns", ".bars", "How near the limits are", "Nacha's return rates with lines at 60, 80 and 100 % of each limit; below, the hospitals that are nearest to one."],
  ["exceptions", "[data-table=exceptions] tbody tr", "What needs a person", "Move with j and k, pick with x, look at the preview, then do it. One picked alone opens with all that can be done. Enter opens the trace."],
  ["trace", "[role=search]", "From a number to its proof", "Rows of payments, returns, exceptions and alerts lead to a trace: each event, rule, posting, file and message, with the journal's hashes."],
];

// a browser that keeps nothing shows the tour again next time
export function seen() {
  try {
    return localStorage.getItem(SEEN) === "yes";
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, "yes");
  } catch {
    return;
  }
}

export function Tour({ view, params, end }) {
  const [at, setAt] = useState(0);
  const box = useRef(null);
  const [, mark, title, words] = STOPS[at];
  const last = STOPS.length - 1;
  const leave = () => {
    remember();
    end();
  };
  const go = (stop) => {
    if (!STOPS[stop]) return;
    setAt(stop);
    if (STOPS[stop][0] && STOPS[stop][0] !== view) location.hash = link(STOPS[stop][0], filtersOf(params)).slice(1);
  };
  const keys = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") leave();
    else if (step) go(at + step);
  };
  useEffect(() => box.current.focus(), [at, view]);
  useEffect(() => (mark ? marked(`main ${mark}`) : undefined), [at, view]);
  return html`<section class="tour" role="dialog" aria-labelledby="tour-title" aria-describedby="tour-words" tabindex="-1" ref=${box} onKeyDown=${keys}>
    <h2 id="tour-title">${title}</h2>
    <p id="tour-words">${words}</p>
    <div class="tour-foot">
      <span class="hint num">${at + 1} of ${STOPS.length}</span>
      ${at < last && html`<button type="button" class="plain-button next" onClick=${() => go(at + 1)}>Next</button>`}
      ${at > 0 && html`<button type="button" class="plain-button" onClick=${() => go(at - 1)}>Back</button>`}
      <button type="button" class="plain-button" onClick=${leave}>${at < last ? "Skip" : "Done"}</button>
    </div>
  </section>`;
}

// what is spoken of is marked as soon as it is there; gives back how to unmark it
function marked(selector) {
  let found = null;
  const look = () => {
    found = document.querySelector(selector);
    if (!found) return;
    watch.disconnect();
    found.classList.add("spoken-of");
    found.scrollIntoView({ block: "center" });
  };
  const watch = new MutationObserver(look);
  watch.observe(document.getElementById("content"), { childList: true, subtree: true });
  look();
  return () => {
    watch.disconnect();
    found?.classList.remove("spoken-of");
  };
}
