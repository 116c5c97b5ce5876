import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { splitSentences, splitWords } from "../text/sentences.ts";

const CATEGORIES: readonly { category: string; pattern: RegExp }[] = [
  {
    category: "security",
    pattern: /\b(?:auth|security|breach|leak|password|token|jwt|credential|attack|vulnerab)/i,
  },
  {
    category: "regulatory",
    pattern: /\b(?:regulat|compliance|gdpr|legal|law|act\b|licen[cs]e|audit)/i,
  },
  {
    category: "financial",
    pattern: /\b(?:budget|cost|price|revenue|funding|invest|expens|subsid|overrun)/i,
  },
  { category: "schedule", pattern: /\b(?:deadline|delay|timeline|month|schedule|late|time\b)/i },
  {
    category: "people",
    pattern: /\b(?:team|staff|hire|experience|skill|developer|owner|key person)/i,
  },
  {
    category: "technical",
    pattern:
      /\b(?:migrat|rollback|bug|depend|scal|outage|downtime|legacy|monolith|integration|deploy|test|data)/i,
  },
  { category: "market", pattern: /\b(?:market|competit|demand|customer|churn)/i },
];
const RISKY =
  /\b(?:risk|threat|fail|uncertain|unclear|unknown|hard to|difficult|no prior|lack|limited|without|delay|overrun|breach|outage|vulnerab|dependen|lock-?in|breaking|barrier|bottleneck|concern|missing|migrat)/i;
const ASSUMING =
  /\b(?:assum|expect|presum|provided that|should|will be|no .{1,40} (?:changes|expected)|can handle|likely)/i;
const FAILING = /\b(?:fail|if |overrun|outage|exceed|breach|crash|cannot|break|lose|miss)/i;
const MITIGATING =
  /\b(?:mitigat|rollback|backup|pilot|monitor|test|review|train|fallback|phase|strangler|plan to|insur|limit)/i;
const LACKING = /\b(?:no|without|lacks?|missing|never) /i;
const SEVERE = /\b(?:critical|severe|breaking|breach|outage|prod|security|irreversible|high)/i;

/**
 * Finds the statements of a `target` (any object) and `context` that speak of risk, assumptions, failures and remedies, by cue words,
 * with category and severity hint. Each is a quotation with its place: nothing is inferred. Without a cue the lists are empty and
 * the result is `partial`.
 */
export const extractRisks: Builtin = (input) => {
  const given = new InputReader(input);
  const statements = [
    ...new Set(
      statementsOf(allText(given.object("target"))).concat(statementsOf(given.text("context", ""))),
    ),
  ].slice(0, 3_000);
  const risks = statements
    .filter((statement) => RISKY.test(statement))
    .map((statement, index) => {
      const category =
        CATEGORIES.find(({ pattern }) => pattern.test(statement))?.category ?? "general";
      return {
        id: `r${index + 1}`,
        description: statement,
        category,
        severity: SEVERE.test(statement) ? "high" : "medium",
        evidence: statement,
      };
    });
  const assumptions = statements.filter((statement) => ASSUMING.test(statement));
  const categories = new Set(risks.map((risk) => risk.category));
  const unseen = CATEGORIES.map(({ category }) => category).filter(
    (category) => !categories.has(category),
  );
  return {
    risks,
    assumptions,
    failure_modes: statements
      .filter((statement) => FAILING.test(statement))
      .map((statement) => ({ description: statement, trigger: statement })),
    mitigation_ideas: statements.filter(
      (statement) => MITIGATING.test(statement) && !LACKING.test(statement),
    ),
    extraction_notes: `Quoted ${risks.length} of ${statements.length} statements by cue words. Nothing was said about: ${unseen.join(", ") || "–"}.`,
    status: risks.length === 0 ? "partial" : "ok",
    rationale: "Statements were chosen by cue words; none was added.",
  };
};

function statementsOf(text: string): string[] {
  return splitSentences(text)
    .filter((sentence) => splitWords(sentence).length > 2)
    .map((sentence) => sentence.slice(0, 400));
}
