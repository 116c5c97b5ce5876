import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const SIGNS: readonly { weight: number; pattern: RegExp; says: string }[] = [
  {
    weight: 4,
    pattern: /\b(?:outage|down\b|data loss|breach|security incident|emergency|p0|sev ?1)\b/i,
    says: "an outage or breach",
  },
  {
    weight: 3,
    pattern:
      /\b(?:urgent|asap|immediately|critical|blocked|blocker|cannot (?:log ?in|work|pay)|production)\b/i,
    says: "urgency",
  },
  {
    weight: 2,
    pattern:
      /\b(?:today|deadline|charged twice|refund|angry|escalat|broken|fails?|error|vip|legal)\b/i,
    says: "harm or a deadline",
  },
  { weight: 1, pattern: /\b(?:soon|this week|slow|problem|issue|question)\b/i, says: "a problem" },
  {
    weight: -2,
    pattern: /\b(?:whenever|no rush|nice to have|low priority|someday|newsletter|fyi)\b/i,
    says: "no hurry",
  },
];

/** The priority that a text's words ask for (low, medium, high, critical), how sure (share of the scale), and the words' kind. */
export function priorityOf(text: string): {
  priority: string;
  confidence: number;
  rationale: string;
} {
  const signs = SIGNS.filter((sign) => sign.pattern.test(text));
  const weight = signs.reduce((sum, sign) => sum + sign.weight, 0);
  const priority = weight >= 5 ? "critical" : weight >= 3 ? "high" : weight >= 1 ? "medium" : "low";
  return {
    priority,
    confidence:
      signs.length === 0
        ? 0.4
        : Math.min(0.9, Math.round((0.5 + Math.abs(weight) * 0.08) * 100) / 100),
    rationale:
      signs.length === 0
        ? "No word speaks of hurry."
        : `Its words speak of ${signs.map((sign) => sign.says).join(" and ")}.`,
  };
}

/** The priority of a `task` (any object) with its `context`, by words of hurry and harm. */
export const classifyTaskPriority: Builtin = (input) => {
  const given = new InputReader(input);
  return {
    ...priorityOf(
      `${allText(given.object("task"))} ${allText(given.object("context", {}))}`.slice(0, 100_000),
    ),
    status: "ok",
  };
};

/** The priority of a `message` from `sender`, by words of hurry and harm. */
export const classifyMessagePriority: Builtin = (input) => {
  const given = new InputReader(input);
  return {
    ...priorityOf(
      `${given.text("message")} ${given.text("sender", "")} ${allText(given.object("context", {}))}`.slice(
        0,
        100_000,
      ),
    ),
    status: "ok",
  };
};
