// The address behind the # holds the view and every filter, so that a link shows what its sender saw.
import { useLayoutEffect, useState } from "./ui.js";

export function parse(hash) {
  const [view, query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { view: view || "overview", params: Object.fromEntries(new URLSearchParams(query)) };
}

export function link(view, params) {
  const given = Object.entries(params).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return `#/${view}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

export function useRoute() {
  const [route, setRoute] = useState(parse(location.hash));
  // before anything else can happen: an effect after the first paint would miss an address that changes in between
  useLayoutEffect(() => {
    const moved = () => setRoute(parse(location.hash));
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return route;
}

export const FILTERS = ["from", "to", "hospital"];
export const filtersOf = (params) => Object.fromEntries(FILTERS.filter((name) => params[name]).map((name) => [name, params[name]]));
export const trace = (id, params) => link("trace", { ...filtersOf(params ?? {}), id });
