import { asText } from "../as-text.ts";
import type { JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { asNumber } from "../table/match-row.ts";

const AT_RISK_SHARE = 0.8;
const HOUR_MS = 3_600_000;

/**
 * Sorts `tasks` (`{id, created_at, closed_at?, priority?}`) by their age against `sla_rules` (hours per priority, `default` 24, or
 * `max_hours`): compliant, at risk from 80 % of the time on, breached. A closed task counts its own duration. A task without a readable
 * `created_at` is at risk, with the reason.
 */
export const monitorSla: Builtin = (input, context) => {
  const given = new InputReader(input);
  const rules = given.object("sla_rules");
  const sorted: { compliant: JsonObject[]; breached: JsonObject[]; at_risk: JsonObject[] } = {
    compliant: [],
    breached: [],
    at_risk: [],
  };
  for (const task of given.records("tasks")) {
    const limit =
      asNumber(rules[asText(task["priority"])]) ??
      asNumber(rules["max_hours"]) ??
      asNumber(rules["default"]) ??
      24;
    const start = Date.parse(asText(task["created_at"]));
    const end = Date.parse(asText(task["closed_at"]));
    const hours = ((Number.isNaN(end) ? context.now().getTime() : end) - start) / HOUR_MS;
    const entry = {
      ...task,
      limit_hours: limit,
      age_hours: Number.isNaN(hours) ? null : Math.round(hours * 100) / 100,
    };
    if (Number.isNaN(hours))
      sorted.at_risk.push({ ...entry, reason: "created_at is missing or no time." });
    else if (hours > limit) sorted.breached.push(entry);
    else if (hours >= limit * AT_RISK_SHARE && Number.isNaN(end)) sorted.at_risk.push(entry);
    else sorted.compliant.push(entry);
  }
  return sorted;
};
