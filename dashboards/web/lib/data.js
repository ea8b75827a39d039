// Reads the API. What was read before stays on the screen while it is read again.
import { useEffect, useRef, useState } from "./ui.js";
import { useLive } from "./live.js";

const KEPT_MAX = 80;
// an answer of a few minutes ago is shown while its newer one is made; it says itself of which instant it is
const WITHIN_S = 600;
const AGAIN_MS = 400;
const kept = new Map();

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail);
    this.status = status;
    this.requestId = problem.request_id ?? "";
  }
}

// what comes back of a request, whatever its status; throws an ApiError when nothing does
export async function ask(url, options, silence = "The API does not answer.") {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    throw new ApiError(0, { detail: silence });
  }
  if (answer.status === 401) location.assign("/login");
  return answer;
}

// why the API did not do it, with the findings
export async function refused(answer) {
  const said = await answer.json().catch(() => null);
  const findings = (said?.errors ?? []).map((error) => error.detail).join("; ");
  return new ApiError(answer.status, { ...said, detail: [said?.detail ?? `The API answered ${answer.status}.`, findings].filter(Boolean).join(" ") });
}

export async function get(url, form = "json") {
  const answer = await ask(url, { headers: { Accept: form === "json" ? "application/json" : "*/*" } });
  // readiness says with 503 what is not well
  if (!answer.ok && !(answer.status === 503 && url === "/readyz")) throw await refused(answer);
  return form === "json" ? answer.json() : answer.text();
}

export function address(path, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return given.length ? `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams(given)}` : path;
}

// {data, error, loading}: `data` may be of a moment ago, or of other filters while `loading`
export function useApi(url, { form = "json", every = 0 } = {}) {
  const { version } = useLive();
  const [state, setState] = useState({ url, data: kept.get(url), error: null, loading: true });
  const [beat, setBeat] = useState(0);
  const latest = useRef("");
  useEffect(() => {
    if (!every) return undefined;
    const timer = setInterval(() => setBeat((n) => n + 1), every);
    return () => clearInterval(timer);
  }, [every]);
  useEffect(() => {
    if (!url) return undefined;
    const mine = `${url}#${version}#${beat}`;
    latest.current = mine;
    setState((before) => ({ url, data: kept.get(url) ?? (before.url === url ? before.data : undefined), error: null, loading: true }));
    let again = 0;
    const read = (within) => get(within ? address(url, { within }) : url, form).then(
      (data) => {
        if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value);
        kept.set(url, data);
        if (latest.current !== mine) return;
        setState({ url, data, error: null, loading: false });
        if (data?.fresh === false) again = setTimeout(read, AGAIN_MS, 0);
      },
      (error) => {
        if (latest.current === mine) setState((before) => ({ ...before, error, loading: false }));
      },
    );
    read(url.startsWith("/api/v1/kpis") ? WITHIN_S : 0);
    return () => clearTimeout(again);
  }, [url, version, beat]);
  return state.url === url ? state : { url, data: kept.get(url), error: null, loading: true };
}

export function useKpi(name, filters, more = {}) {
  return useApi(address(`/api/v1/kpis/${name}`, { ...filters, ...more }));
}
