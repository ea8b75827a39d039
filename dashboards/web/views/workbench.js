// A rule book on its way into force: written with its errors beside it, tried on the past, run as a shadow, and put in force by somebody else.
import { html, useEffect, useRef, useState } from "../lib/ui.js";
import { Card, Chip } from "../lib/blocks.js";
import { send, useSession } from "../lib/act.js";
import { get } from "../lib/data.js";
import { count, money } from "../lib/format.js";
import { filtersOf, trace } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";

const PAUSE_MS = 350;
const LOOK_MS = 700;

export function Workbench({ versions, params }) {
  const { may, named } = useSession();
  const [text, setText] = useState("");
  const [lint, setLint] = useState(null);
  const [who, setWho] = useState("");
  const [said, setSaid] = useState({ words: "", bad: false });
  const [run, setRun] = useState(null);
  const area = useRef(null);
  const latest = useRef(0);

  const begin = async (version) => {
    if (!version) return;
    const book = await get(`/api/v1/rules/versions/${encodeURIComponent(version)}`).catch((error) => setSaid({ words: error.message, bad: true }));
    if (book) setText(book.text);
  };
  useEffect(() => {
    const mine = ++latest.current;
    if (!text.trim()) { setLint(null); return undefined; }
    const timer = setTimeout(() => send("POST", "/api/v1/rules/validate", { text }, { question: true }).then(
      ({ data }) => mine === latest.current && setLint(data),
      (error) => mine === latest.current && setLint({ valid: false, errors: [{ line: 0, where: "", message: error.message }] }),
    ), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    if (run?.state !== "running") return undefined;
    const timer = setTimeout(() => get(run.location).then((data) => setRun({ ...data, location: run.location }), (error) => setRun({ ...run, state: "failed", why: error.message })), LOOK_MS);
    return () => clearTimeout(timer);
  }, [run]);

  const act = async (work) => {
    setSaid({ words: "", bad: false });
    try { await work(); } catch (error) { setSaid({ words: error.message, bad: true }); }
  };
  const backtest = () => act(async () => {
    const { data, location } = await send("POST", "/api/v1/rules/backtest", { text }, { question: true });
    setRun({ ...data, location });
  });
  const shadow = () => act(async () => {
    const { data } = await send("POST", "/api/v1/rules/shadow", { text, shadowed_by: named ? "" : who });
    setSaid({ words: `${lint.version} ${data.agreed ? "runs as a shadow" : "is recorded as a shadow; some partitions answer later"}. Another person can put it in force.`, bad: false });
  });
  const toLine = (line) => {
    const start = text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.current.focus();
    area.current.setSelectionRange(start, start + (text.split("\n")[line - 1] ?? "").length);
  };
  if (!may("rules:try")) return null;
  const ready = lint?.valid;
  return html`<${Card} wide title="Write and try a rule book" hint="Nothing here decides a payment: a back-test looks at the past, a shadow reports beside the book in force">
    <div class="bench">
      <div class="bench-head">
        <label class="hint">Begin with <select onChange=${(event) => begin(event.target.value)}><option value="">an empty page</option>${versions.map(({ version }) => html`<option key=${version} value=${version}>${version}</option>`)}</select></label>
        ${!named && html`<label class="hint">Your name <input value=${who} maxlength="128" onInput=${(event) => setWho(event.target.value)} /></label>`}
        <span class="actions">
          <button type="button" class="plain-button" disabled=${!ready || run?.state === "running"} onClick=${backtest}>Back-test</button>
          <button type="button" class="plain-button" disabled=${!ready || (!named && !who.trim())} onClick=${shadow}>Run as a shadow</button>
        </span>
      </div>
      <textarea ref=${area} aria-label="Rule book, TOML" aria-describedby="lint" spellcheck=${false} rows="16" maxlength="60000" value=${text} onInput=${(event) => setText(event.target.value)}></textarea>
      <div id="lint" class="lint" role="status">${!lint ? html`<span class="hint">Errors show here while you write.</span>`
        : ready ? html`<${Chip} of="met">No errors<//> <span>${lint.version}, ${count(lint.rules)} ${lint.rules === 1 ? "rule" : "rules"}</span>`
        : html`<ul>${lint.errors.map((error, n) => html`<li key=${n}>${error.line > 0 && html`<button type="button" class="plain-button" onClick=${() => toLine(error.line)}>Line ${error.line}</button>`} ${error.where && html`<strong>${error.where}</strong>`} ${error.message}</li>`)}</ul>`}</div>
      ${said.words && html`<p class=${said.bad ? "trouble" : "hint"} role=${said.bad ? "alert" : "status"}>${said.words}</p>`}
      ${run && html`<${Report} run=${run} params=${params} />`}
    </div>
  <//>`;
}

function Report({ run, params }) {
  if (run.state === "running") return html`<label class="hint">Deciding the past again <progress max=${run.total || 1} value=${run.done}></progress> ${count(run.done)} of ${count(run.total)} records</label>`;
  if (run.state === "failed") return html`<p class="trouble" role="alert">The back-test failed. ${run.why ?? "The API's log says why."}</p>`;
  const { report } = run;
  const back = (each) => Object.entries(each.returned).map(([code, n]) => `${code} ${n}`).join(", ") || "–";
  const changes = report.changes.map((each) => ({ ...each, back: back(each), first: each.examples[0] ?? "" }));
  const rules = report.rules.map((each) => ({ ...each, back: back(each) }));
  const columns = [
    { key: "recorded", label: "Decided", render: (value) => html`<${Chip} of=${value} />` }, { key: "candidate", label: "Would have been", render: (value) => html`<${Chip} of=${value} />` },
    { key: "payments", label: "Payments", kind: "count" }, { key: "amount", label: "Money", kind: "money" }, { key: "back", label: "Came back" }, { key: "returned_amount", label: "Money back", kind: "money" },
    { key: "first", label: "For example", kind: "id" },
  ];
  const ruleColumns = [{ key: "rule", label: "Rule", render: (value) => html`<code>${value}</code>` }, { key: "payments", label: "Payments", kind: "count" }, { key: "amount", label: "Money", kind: "money" }, { key: "back", label: "Came back" }];
  return html`<section aria-label=${`Back-test of ${report.version}`}>
    <div class="bench-head"><h3>${report.version} on the past: ${count(report.differing)} of ${count(report.total.payments)} payments (${money(report.total.amount)}) decided otherwise</h3><${Csv} name="back-test" columns=${columns} rows=${changes} /></div>
    <ul>${report.sentences.map((sentence) => html`<li key=${sentence}>${sentence}</li>`)}</ul>
    ${changes.length > 0 && html`<${Table} name="changes" label="Decisions that would change" columns=${columns} rows=${changes} params=${params} open=${(row) => row.first && trace(row.first, filtersOf(params))} />`}
    ${rules.length > 0 && html`<${Table} name="backtest-rules" label="What each rule of the candidate fires on" columns=${ruleColumns} rows=${rules} /><p><${Csv} name="back-test-rules" columns=${ruleColumns} rows=${rules} /></p>`}
  </section>`;
}

// Puts a version in force, after a second look; who ran it as a shadow is refused by the API
export function Activate({ version, words }) {
  const { may, named } = useSession();
  const [sure, setSure] = useState(false);
  const [who, setWho] = useState("");
  const [said, setSaid] = useState({ words: "", bad: false });
  if (!may("rules:activate")) return null;
  const go = async () => {
    try {
      const { data } = await send("POST", "/api/v1/rules/activate", { version, activated_by: named ? "" : who });
      setSaid({ words: data.agreed ? `${version} is in force.` : `${version} is recorded; some partitions change in a moment.`, bad: false });
    } catch (error) {
      setSaid({ words: error.message, bad: true });
    }
    setSure(false);
  };
  return html`<span class="activate">
    ${!sure ? html`<button type="button" class="plain-button" aria-label=${`${words}: ${version}`} onClick=${() => setSure(true)}>${words}</button>`
      : html`${!named && html`<label class="hint">Your name <input value=${who} maxlength="128" onInput=${(event) => setWho(event.target.value)} /></label>`}
        <button type="button" class="plain-button" disabled=${!named && !who.trim()} onClick=${go}>Yes, decide by ${version}</button>
        <button type="button" class="plain-button" onClick=${() => setSure(false)}>No</button>`}
    ${said.words && html`<span class=${said.bad ? "trouble" : "hint"} role=${said.bad ? "alert" : "status"}>${said.words}</span>`}
  </span>`;
}
