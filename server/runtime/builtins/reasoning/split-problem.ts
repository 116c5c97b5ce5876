import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { lookUp } from "../look-up.ts";
import { countContentWords } from "../text/content-words.ts";
import { splitSentences } from "../text/sentences.ts";

/** What to look at under each strategy, with words that show that a text speaks of it. */
const FRAMES: Readonly<Record<string, readonly [string, string][]>> = {
  phases: [
    ["Understand the present state", "current existing now today monolith"],
    ["Prepare", "prepare plan design team budget"],
    ["Carry out", "migrate build implement launch develop"],
    ["Check and stabilise", "test measure monitor verify quality"],
  ],
  stakeholders: [
    ["Users and customers", "user customer client"],
    ["The team that does it", "team developer engineer staff"],
    ["Owners and sponsors", "budget management investor owner"],
    ["Outside parties", "regulator supplier partner competitor"],
  ],
  questions: [
    ["What is the case now?", "current existing now"],
    ["What should be reached?", "goal target reach want evaluate"],
    ["What stands in the way?", "problem pain bottleneck risk limit"],
    ["What would it cost?", "budget cost price time"],
  ],
  risks: [
    ["Technical risks", "system data scale deploy"],
    ["Risks of time and money", "budget cost deadline month"],
    ["Risks of people", "team skill experience"],
    ["Risks from outside", "market law regulation competitor"],
  ],
  themes: [
    ["Goal and scope", "goal scope evaluate strategy feasibility"],
    ["People and organisation", "team developer staff user"],
    ["Technology and data", "system platform architecture service data"],
    ["Money and time", "budget cost deadline month"],
  ],
  dimensions: [
    ["Technical", "system platform architecture service data scale"],
    ["Economic", "budget cost price revenue"],
    ["Organisational", "team developer staff process"],
    ["Time", "deadline month slow schedule"],
  ],
};

/**
 * Splits `problem` into the parts that `strategy` asks for (phases, stakeholders, questions, risks, themes, dimensions), each with the
 * sentences that speak of it. A part that no sentence speaks of is a gap; a sentence in two parts is an overlap. The frame is fixed.
 */
export const splitProblem: Builtin = (input) => {
  const given = new InputReader(input);
  const strategy = given.text("strategy", "themes").toLowerCase();
  const frame = lookUp(FRAMES, strategy) ?? FRAMES["themes"] ?? [];
  const sentences = splitSentences(`${given.text("problem")} ${given.text("context", "")}`).slice(
    0,
    500,
  );
  const parts = frame
    .slice(0, given.whole("max_components", 6, 2, 12))
    .map(([label, words], index) => {
      const evidence = sentences.filter((sentence) =>
        [...countContentWords(words).keys()].some((word) => countContentWords(sentence).has(word)),
      );
      return {
        id: `c${index + 1}`,
        label,
        description: evidence[0] ?? `${label}: not spoken of in the problem.`,
        evidence,
        order: index + 1,
        depends_on: strategy === "phases" && index > 0 ? [`c${index}`] : [],
      };
    });
  const gaps = parts
    .filter((part) => part.evidence.length === 0)
    .map((part) => `Nothing is said about: ${part.label}.`);
  const overlaps = sentences
    .map((sentence) => ({
      sentence,
      parts: parts.filter((part) => part.evidence.includes(sentence)).map((part) => part.id),
    }))
    .filter((entry) => entry.parts.length > 1);
  return {
    components: parts,
    gaps,
    overlaps,
    decomposition_notes: `Fixed frame "${lookUp(FRAMES, strategy) === undefined ? "themes" : strategy}"; sentences were sorted into it by words.`,
    status: gaps.length === parts.length ? "partial" : "ok",
    rationale: `${parts.length - gaps.length} of ${parts.length} parts are spoken of.`,
  };
};
