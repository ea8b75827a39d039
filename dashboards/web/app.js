// The frame: navigation, filters, freshness, and the view that the address names.
import { html, render, useEffect, useState } from "./lib/ui.js";
import { addDays, clock, day, daysBetween, duration, instant, today } from "./lib/format.js";
import { connect, useLive } from "./lib/live.js";
import { send, useSession } from "./lib/act.js";
import { Card } from "./lib/blocks.js";
import { address, useApi } from "./lib/data.js";
import { filtersOf, link, trace, useRoute } from "./lib/route.js";
import { Overview } from "./views/overview.js";
import { Payments } from "./views/payments.js";
import { Returns } from "./views/returns.js";
import { Exceptions } from "./views/exceptions.js";
import { Trace } from "./views/trace.js";
import { Reconciliation } from "./views/reconciliation.js";
import { Rules } from "./views/rules.js";
import { Rollout } from "./views/rollout.js";
import { Privacy } from "./views/privacy.js";
import { System } from "./views/system.js";
import { Tour, seen } from "./views/tour.js";

// words, view, what one must be allowed to be led there
const VIEWS = {
  overview: ["Overview", Overview, "kpis:read"], payments: ["Payments", Payments, "kpis:read"], returns: ["Returns", Returns, "kpis:read"],
  exceptions: ["Exceptions", Exceptions, "exceptions:read"], trace: ["Trace", Trace, "payments:read"], reconciliation: ["Reconciliation", Reconciliation, "kpis:read"],
  rules: ["Rules and alerts", Rules, "rules:read"], rollout: ["Rollout", Rollout, "rules:read"], privacy: ["Personal data", Privacy, "privacy:read"],
  system: ["System", System, "kpis:read"],
};
// where somebody comes in: at the first of these that is for them
const HOMES = ["overview", "privacy"];
const UNDATED = new Set(["trace", "rollout", "privacy"]);
const PERIODS = [["7", "Last 7 days"], ["30", "Last 30 days"], ["90", "Last 90 days"], ["365", "Last 12 months"]];

function App() {
  const { view, params } = useRoute();
  const { session, may } = useSession();
  // who it is may be unknown because the API is away: then everything says so itself
  const shown = Object.entries(VIEWS).filter(([, [, , scope]]) => !session || session.kind === "nobody" || may(scope));
  const seesNumbers = shown.some(([name]) => name === "overview");
  const home = HOMES.find((each) => shown.some(([name]) => name === each)) ?? "trace";
  const known = VIEWS[view] && (view !== "overview" || seesNumbers) ? view : home;
  const [title, View] = VIEWS[known];
  const [touring, setTouring] = useState(!seen());
  useEffect(() => { if (session && seesNumbers) connect(); }, [Boolean(session)]);
  const filters = { from: params.from, to: params.to, hospital: params.hospital };
  const period = { to: filters.to || today(), from: filters.from || addDays(filters.to || today(), -29), hospital: filters.hospital || "" };
  useEffect(() => {
    document.title = `${title} · HMS-ACH`;
    scrollTo(0, 0);
    document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [known, params.id]);
  const change = (changed) => { location.hash = link(known, { ...params, ...changed }).slice(1); };
  return html`<a class="skip" href="#content" onClick=${(event) => { event.preventDefault(); document.getElementById("content").focus(); }}>To the content</a>
    ${known === "exceptions" && html`<a class="skip" href="#queue" onClick=${(event) => { event.preventDefault(); document.querySelector("[data-table=exceptions] tbody tr")?.focus(); }}>To the queue</a>`}
    <div class="frame">
      <nav class="side" aria-label="Views"><div class="side-in">
        <a class="brand" aria-label="HMS-ACH, overview" href=${link("overview", filtersOf(params))}><img src="/web/icon.svg" alt="" width="26" height="26" /><span>HMS-ACH</span></a>
        <ul>${session && shown.map(([name, [words]]) => html`<li key=${name}><a href=${link(name, filtersOf(params))} aria-current=${name === known ? "page" : undefined}>${words}</a></li>`)}</ul>
        <footer class="hint">${seesNumbers && html`<button type="button" id="tour" onClick=${() => setTouring(true)}>Take the tour</button>`}<a href="/docs">API</a><span>Times are New York's</span><${Who} /></footer>
      </div></nav>
      <main class="main" id="content" tabindex="-1">
        ${session ? html`<${Top} title=${title} view=${known} period=${period} change=${change} params=${params} numbers=${seesNumbers} />
        ${shown.some(([name]) => name === known) ? html`<${View} period=${period} params=${params} change=${change} />` : html`<${Card} title=${title}><div class="empty"><p>Your role does not show this.</p></div><//>`}` : html`<div class="skeleton" role="status" aria-label="Loading"><span></span><span></span></div>`}
      </main>
      ${touring && session && seesNumbers && html`<${Tour} view=${known} params=${params} end=${() => { setTouring(false); document.getElementById("tour").focus(); }} />`}
    </div>`;
}

function Who() {
  const { session, named } = useSession();
  if (!named) return null;
  const out = () => send("DELETE", "/api/v1/session", undefined, { question: true }).finally(() => location.assign("/login"));
  return html`<span>${session.name}, ${session.role}</span><button type="button" onClick=${out}>Sign out</button>`;
}

function Top({ title, view, period, change, params, numbers }) {
  const live = useLive();
  const dated = !UNDATED.has(view);
  const hospitals = useApi(numbers ? "/api/v1/kpis/hospitals" : "");
  const days = String(daysBetween(period.from, period.to) + 1);
  const named = period.to === today() && PERIODS.some(([value]) => value === days) ? days : "other";
  return html`<div class="top">
      <div class="title"><h1>${title}</h1>${numbers && html`<${Freshness} live=${live} />`}${view === "overview" && html`<${CutOff} hospital=${period.hospital} />`}</div>
      <div class="filters">
        ${dated && html`<label>Period<select value=${named} onChange=${(event) => event.target.value !== "other" && change({ from: addDays(today(), 1 - Number(event.target.value)), to: today() })}>
          ${PERIODS.map(([value, words]) => html`<option key=${value} value=${value} selected=${value === named}>${words}</option>`)}<option value="other" selected=${named === "other"}>Other dates</option></select></label>
        <label>From<input type="date" value=${period.from} max=${period.to} onChange=${(event) => event.target.value && change({ from: event.target.value, to: period.to })} /></label>
        <label>To<input type="date" value=${period.to} min=${period.from} onChange=${(event) => event.target.value && change({ from: period.from, to: event.target.value })} /></label>
        <label>Hospital<select value=${period.hospital} onChange=${(event) => change({ hospital: event.target.value })}>
          <option value="" selected=${!period.hospital}>All hospitals</option>
          ${(hospitals.data?.rows ?? []).map(({ hospital_id: name }) => html`<option key=${name} value=${name} selected=${name === period.hospital}>${name}</option>`)}</select></label>`}
        <${Find} params=${params} />
      </div>
    </div>
    ${live.broken && html`<div class="banner" role="status">Live updates are interrupted. What you see may be out of date; the page comes back by itself.</div>`}`;
}

function Find({ params }) {
  const [text, setText] = useState("");
  const go = (event) => {
    event.preventDefault();
    if (text.trim()) location.hash = trace(text.trim(), params).slice(1);
  };
  return html`<form onSubmit=${go} role="search"><label>Trace a transaction<input type="search" placeholder="Transaction id" value=${text} onInput=${(event) => setText(event.target.value)} /></label></form>`;
}

// until when entries go along, and how long that is; or why nobody can say it
function CutOff({ hospital }) {
  const found = useApi(address("/api/v1/cut-offs", { hospital }), { every: 30_000 });
  if (!found.data) return null;
  const [next] = found.data.cut_offs;
  if (!next) return html`<span class="live">No cut-off to count down to: ${found.data.rail ? "no list is set up for this hospital" : "no ACH rail is set up here"}</span>`;
  const left = Math.max(0, (Date.parse(next.closes_at) - Date.now()) / 1000);
  return html`<span class="live">Next cut-off ${instant(next.closes_at).slice(0, 16)}, in ${duration(left)} · settles ${day(next.settles_at)}</span>`;
}

function Freshness({ live }) {
  const recorded = live.recordedMs ? new Date(live.recordedMs).toISOString() : "";
  return html`<span class="live"><span class=${live.connected ? "dot" : "dot off"} aria-hidden="true"></span>${live.connected ? "Live" : "Not live"}${recorded && html` · ledger as of ${recorded.slice(0, 10) === new Date().toISOString().slice(0, 10) ? "" : `${recorded.slice(0, 10)} `}${clock(recorded)}`}</span>`;
}

render(html`<${App} />`, document.getElementById("app"));
