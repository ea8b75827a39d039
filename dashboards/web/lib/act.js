// What people do here: sent in their own name, with the token that shows that this page sends it.
import { useEffect, useState } from "./ui.js";
import { ask, get, refused } from "./data.js";
import { soon } from "./live.js";

const SESSION = "/api/v1/session";
const NO_ANSWER = "The API does not answer. Nothing was changed that it has not confirmed.";
const UNANSWERED_MAX = 20;
// the keys of what was sent and not answered: the same thing sent again is a repeat
const unanswered = new Map();
let known = null;

const read = () => get(SESSION).then((found) => { known = found; return found; });

// who is signed in; while authentication is off nobody is, and the page asks for a name
export function useSession() {
  const [session, setSession] = useState(known);
  useEffect(() => {
    // another part of the page may have learned it between this one's first picture and now
    if (known) setSession(known);
    else read().then(setSession, () => setSession({ kind: "nobody", scopes: [] }));
  }, []);
  const may = (scope) => Boolean(session?.scopes.includes(scope));
  return { session, may, named: session?.kind === "person" };
}

// the answer's body, null when it has none, and its Location; throws an ApiError. A question changes nothing, so nothing is read again after it
export async function send(method, url, body, { question = false } = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const key = keyOf(`${method} ${url} ${text}`);
  const once = ({ csrf_token: token }) => ask(url, { method, body: text, headers: { ...(text && { "Content-Type": "application/json" }), Accept: "application/json", "X-CSRF-Token": token, "Idempotency-Key": key } }, NO_ANSWER);
  const session = known ?? await read();
  let answer = await once(session);
  // somebody signed in anew beside this page: the token is another one
  if (answer.status === 403 && (await read()).csrf_token !== session.csrf_token) answer = await once(known);
  if (answer.status < 500) unanswered.delete(`${method} ${url} ${text}`);
  if (!answer.ok) throw await refused(answer);
  if (!question) soon();
  return { data: await answer.json().catch(() => null), location: answer.headers.get("Location") };
}

// letters alone: digits might look like a card number
function keyOf(meant) {
  const key = unanswered.get(meant) ?? String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)).map((byte) => 97 + (byte & 15)));
  if (unanswered.size >= UNANSWERED_MAX) unanswered.delete(unanswered.keys().next().value);
  unanswered.set(meant, key);
  return key;
}
