import { splitSentences, splitWords } from "../text/sentences.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/** Verbs of an objective and the capability that does such a thing. */
const VERBS: readonly { pattern: RegExp; capability: string; does: string }[] = [
  {
    pattern: /\b(?:search|find|research|look up)\b/i,
    capability: "web.source.search",
    does: "Search for sources",
  },
  {
    pattern: /\b(?:fetch|download|web ?page|url|website)\b/i,
    capability: "web.page.fetch",
    does: "Fetch the page",
  },
  { pattern: /\bpdf\b/i, capability: "pdf.document.read", does: "Read the PDF" },
  {
    pattern: /\b(?:csv|spreadsheet|table)\b/i,
    capability: "table.sheet.parse",
    does: "Read the table",
  },
  {
    pattern: /\b(?:compare|versus|vs)\b/i,
    capability: "reasoning.content.compare",
    does: "Compare",
  },
  {
    pattern: /\b(?:classif|categor|sort into|triage)/i,
    capability: "reasoning.content.classify",
    does: "Classify",
  },
  {
    pattern: /\b(?:risk|danger|threat)/i,
    capability: "reasoning.risk.extract",
    does: "Collect the risks",
  },
  {
    pattern: /\b(?:evaluate|assess|decide|choose|whether|should)\b/i,
    capability: "evaluation.option.score",
    does: "Weigh the options",
  },
  {
    pattern: /\b(?:validate|check|verify)\b/i,
    capability: "data.schema.validate",
    does: "Check the data",
  },
  {
    pattern: /\b(?:keyword|topic)/i,
    capability: "perception.keyword.extract",
    does: "Collect key phrases",
  },
  {
    pattern: /\b(?:summar|digest|brief|overview)/i,
    capability: "reasoning.content.summarize",
    does: "Summarise",
  },
  {
    pattern: /\b(?:e-?mail|send|notify)\b/i,
    capability: "email.message.send",
    does: "Send the result",
  },
];

/**
 * Lays out steps for an `objective` by the verbs in it, each naming a shipped capability, with frame steps around them, at most
 * `max_steps` (8). A rule table, not a planner: always says so in `plan.notes`, and is `partial` where no verb is known.
 */
export const generatePlan: Builtin = (input) => {
  const given = new InputReader(input);
  const objective = given.text("objective");
  const known = VERBS.filter(({ pattern }) => pattern.test(objective));
  const frame = [
    { action: "Settle what counts as done", capability: "" },
    ...known.map(({ does, capability }) => ({ action: does, capability })),
    { action: "Check the result against the objective", capability: "evaluation.output.score" },
  ];
  const steps = frame.slice(0, given.whole("max_steps", 8, 1, 50)).map((step, index) => ({
    id: `s${index + 1}`,
    order: index + 1,
    ...step,
    depends_on: index === 0 ? [] : [`s${index}`],
  }));
  const context = splitSentences(given.text("context", "")).filter(
    (sentence) => splitWords(sentence).length > 2,
  );
  return {
    plan: {
      objective,
      steps,
      assumptions: context.slice(0, 5).map((sentence) => `Given: ${sentence}`),
      risks:
        known.length === 0
          ? ["No known action is named in the objective; the plan is only a frame."]
          : [],
      notes: "Made by a table of verbs; review before use.",
    },
    step_count: steps.length,
    status: known.length === 0 ? "partial" : "ok",
    rationale:
      known.length === 0
        ? "The objective names no action that the table knows."
        : `Found ${known.length} actions in the objective.`,
  };
};
