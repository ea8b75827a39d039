// The stream of invalidations: when it says that the tables have changed, whatever is shown is read again, at most every few seconds.
import { useLayoutEffect, useState } from "./ui.js";

const PAUSE_MS = 3000;
// the tables have what somebody did here after some 1.4 s; until then it is looked for, whatever the stream says
const SOON_MS = [800, 1600, 3000];
const listeners = new Set();
const state = { connected: false, version: 0, broken: false, recordedMs: 0 };
let timer = 0;
let told = 0;

function tell() {
  for (const listener of listeners) listener({ ...state });
}

function changed() {
  clearTimeout(timer);
  timer = 0;
  told = Date.now();
  state.version += 1;
  tell();
}

export function connect() {
  const source = new EventSource("/api/v1/stream");
  source.addEventListener("open", () => {
    state.connected = true;
    state.broken = false;
    tell();
  });
  source.addEventListener("error", () => {
    state.connected = false;
    state.broken = true;
    tell();
    // the browser comes back by itself with Last-Event-ID, unless the server refused
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 10000);
  });
  source.addEventListener("changed", (event) => {
    state.recordedMs = JSON.parse(event.data).recorded_ms;
    if (!timer) timer = setTimeout(changed, Math.max(0, PAUSE_MS - (Date.now() - told)));
  });
}

// somebody changed something here, and wants to see it
export function soon() {
  for (const after of SOON_MS) setTimeout(changed, after);
}

export function useLive() {
  const [seen, setSeen] = useState({ ...state });
  useLayoutEffect(() => {
    listeners.add(setSeen);
    return () => listeners.delete(setSeen);
  }, []);
  return seen;
}
