import { EFFECT_STATUSES, type EffectStatus } from "../../core/effect-view.ts";
import { minuteOf, PERIODS, parsePeriod, type Period } from "../runs/run-filter.ts";

/** Filters that ask for one exact text, by the word that stands in the URL. */
export const TEXT_FILTERS = {
  target: "Target",
  capability: "Capability",
  binding: "Binding",
  receipt: "Receipt",
  run: "Run",
} as const;
export type TextFilter = keyof typeof TEXT_FILTERS;
export const TEXT_FILTER_NAMES: readonly TextFilter[] = [
  "target",
  "capability",
  "binding",
  "receipt",
  "run",
];

/** The states that a record can be in today: answers from earlier records and blocked calls are events only. */
export const LEDGER_STATUSES: readonly EffectStatus[] = [
  "attempted",
  "recorded",
  "failed",
  "in_doubt",
];

/** What the ledger shows; empty means all. It lives in the URL and nowhere else. */
export type EffectFilter = Record<TextFilter, string> & {
  status: readonly EffectStatus[];
  /** Values of request fields by path. */
  request: Readonly<Record<string, string>>;
  q: string;
  announced: Period | null;
};

export const EVERY_EFFECT: EffectFilter = {
  status: [],
  target: "",
  capability: "",
  binding: "",
  receipt: "",
  run: "",
  request: {},
  q: "",
  announced: null,
};

/** Reads a filter from a URL; words it does not know are passed over. */
export function parseEffectFilter(params: URLSearchParams): EffectFilter {
  const status = params.getAll("status");
  const request = [...params].flatMap(([name, value]) =>
    name.startsWith("request.") && name !== "request."
      ? [[name.slice("request.".length), value] as const]
      : [],
  );
  return {
    status: EFFECT_STATUSES.filter((known) => status.includes(known)),
    target: params.get("target") ?? "",
    capability: params.get("capability") ?? "",
    binding: params.get("binding") ?? "",
    receipt: params.get("receipt") ?? "",
    run: params.get("run") ?? "",
    request: Object.fromEntries(request),
    q: params.get("q") ?? "",
    announced: parsePeriod(params.get("announced")),
  };
}

/** Writes a filter as a query string without a `?`, `""` for the one that lets everything through. */
export function formatEffectFilter(filter: EffectFilter): string {
  const params = new URLSearchParams();
  for (const status of filter.status) params.append("status", status);
  for (const name of [...TEXT_FILTER_NAMES, "q", "announced"] as const) {
    const value = filter[name];
    if (value !== null && value !== "") params.set(name, value);
  }
  for (const [path, value] of Object.entries(filter.request)) params.set(`request.${path}`, value);
  return params.toString();
}

/** The filter as `effects.list` takes it; a period begins on the minute, so that it stays the same question. */
export function toEffectsQuery(filter: EffectFilter, now: number) {
  const texts = TEXT_FILTER_NAMES.filter((name) => filter[name] !== "");
  return {
    ...(filter.status.length === 0 ? {} : { status: [...filter.status] }),
    ...Object.fromEntries(texts.map((name) => [name, filter[name]])),
    ...(Object.keys(filter.request).length === 0 ? {} : { request: { ...filter.request } }),
    ...(filter.q === "" ? {} : { q: filter.q }),
    ...(filter.announced === null ? {} : { after: minuteOf(now - PERIODS[filter.announced].ms) }),
  };
}

/** True for the filter that lets everything through. */
export function isEveryEffect(filter: EffectFilter): boolean {
  return formatEffectFilter(filter) === "";
}

/** True where the worklist of unknown outcomes is shown. */
export function isWorklist({ status }: EffectFilter): boolean {
  return status.length === 1 && status[0] === "in_doubt";
}

/** `path=value` as a person types it, or why it is none. */
export function readRequestField(text: string): { path: string; value: string } | string {
  const at = text.indexOf("=");
  const path = text.slice(0, at).trim();
  if (at < 0 || path === "") return "Write path=value, such as order.id=42.";
  return { path, value: text.slice(at + 1).trim() };
}
