// Reads the API. What was read before stays on the screen while it is read again.
import { useEffect, useRef, useState } from "./ui.js";
import { useLive } from "./live.js";

const KEPT_MAX = 80;
const kept = new Map();

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? `The API answered ${status}.`);
    this.status = status;
    this.requestId = problem?.request_id ?? "";
  }
}

export async function get(url, form = "json") {
  let answer;
  try {
    answer = await fetch(url, { headers: { Accept: form === "json" ? "application/json" : "text/plain" } });
  } catch {
    throw new ApiError(0, { detail: "The API does not answer." });
  }
  // readiness says with 503 what is not well
  if (!answer.ok && !(answer.status === 503 && url === "/readyz")) throw new ApiError(answer.status, await answer.json().catch(() => null));
  return form === "json" ? answer.json() : answer.text();
}

export function address(path, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
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
    if (!url) return;
    const mine = `${url}#${version}#${beat}`;
    latest.current = mine;
    setState((before) => ({ url, data: kept.get(url) ?? (before.url === url ? before.data : undefined), error: null, loading: true }));
    get(url, form).then(
      (data) => {
        if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value);
        kept.set(url, data);
        if (latest.current === mine) setState({ url, data, error: null, loading: false });
      },
      (error) => {
        if (latest.current === mine) setState((before) => ({ ...before, error, loading: false }));
      },
    );
  }, [url, version, beat]);
  return state.url === url ? state : { url, data: kept.get(url), error: null, loading: true };
}

export function useKpi(name, filters, more = {}) {
  return useApi(address(`/api/v1/kpis/${name}`, { ...filters, ...more }));
}
