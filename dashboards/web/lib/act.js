// What people do here: sent in their own name, with the token that shows that this page sends it.
import { useEffect, useState } from "./ui.js";
import { ApiError, get } from "./data.js";

let known = null;

// who is signed in; while authentication is off nobody is, and the page asks for a name
export function useSession() {
  const [session, setSession] = useState(known);
  useEffect(() => {
    if (!known) get("/api/v1/session").then((found) => { known = found; setSession(found); }, () => setSession({ kind: "nobody", scopes: [] }));
  }, []);
  const may = (scope) => Boolean(session?.scopes.includes(scope));
  return { session, may, named: session?.kind === "person" };
}

// the answer's body and Location; findings of a refusal are in the error's message
export async function post(url, body) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": known?.csrf_token ?? "" },
    });
  } catch {
    throw new ApiError(0, { detail: "The API does not answer. Nothing was changed that it has not confirmed." });
  }
  const said = await answer.json().catch(() => null);
  if (!answer.ok) {
    const findings = (said?.errors ?? []).map((error) => error.detail).join("; ");
    throw new ApiError(answer.status, { ...said, detail: [said?.detail ?? `The API answered ${answer.status}.`, findings].filter(Boolean).join(" ") });
  }
  return { data: said, location: answer.headers.get("Location") };
}
