import type { Builtin } from "../builtin.ts";
import { type Option, readOptions } from "../decision/read-options.ts";
import { InputReader } from "../input-reader.ts";
import { splitSentences, splitWords } from "../text/sentences.ts";
import { NEGATIVE_WORDS, POSITIVE_WORDS } from "../text/sentiment-words.ts";

const GOOD =
  /\b(?:high|strong|low cost|mature|largest|fast|growing|proven|competitive|integrat|flexib|cheap|simple|best)/i;
const BAD =
  /\b(?:high(?:er)? (?:cost|risk|price)|expensive|slow|limited|complex|lock-?in|weak|unclear|delay|uncertain|immature|hard)/i;
const ASSUMING = /\b(?:assum|expect|if |provided|depends|should|likely|would|plan)/i;

/**
 * Sorts what each option says about itself into pros, cons, risks and assumptions, by cue words, and what `context` says about it.
 * Nothing is added that is not in the texts; an option without cues gets empty lists.
 */
export const analyzeOptions: Builtin = (input) => {
  const given = new InputReader(input);
  const context = splitSentences(given.text("context", "")).slice(0, 500);
  const analyzed = readOptions(given.list("options")).map((option) => analyze(option, context));
  const found = analyzed.reduce(
    (sum, option) => sum + option.pros.length + option.cons.length + option.risks.length,
    0,
  );
  return {
    analyzed_options: analyzed,
    analysis_notes: `Sorted the options' own statements by cue words for "${given.text("goal")}": ${found} found in ${analyzed.length} options.`,
    status: found === 0 ? "partial" : "ok",
    rationale: "Statements were sorted by cue words, none was added.",
  };
};

function analyze(option: Option, context: readonly string[]) {
  const about = context.filter((sentence) =>
    sentence.toLowerCase().includes(option.label.toLowerCase()),
  );
  const statements = [...option.text.split("\n").flatMap((line) => line.split(/[,;—]/)), ...about]
    .map((statement) => statement.trim())
    .filter((statement) => splitWords(statement).length > 1 && !/^(?:id|label): /.test(statement));
  const cons = statements.filter((statement) => BAD.test(statement) || leans(statement) < 0);
  return {
    id: option.id,
    label: option.label,
    pros: statements.filter(
      (statement) => !cons.includes(statement) && (GOOD.test(statement) || leans(statement) > 0),
    ),
    cons,
    risks: statements.filter((statement) =>
      /\b(?:risk|threat|fail|uncertain|lock-?in|delay|depend)/i.test(statement),
    ),
    assumptions: statements.filter((statement) => ASSUMING.test(statement)),
  };
}

function leans(statement: string): number {
  return splitWords(statement.toLowerCase()).reduce(
    (sum, word) => sum + (POSITIVE_WORDS.has(word) ? 1 : 0) - (NEGATIVE_WORDS.has(word) ? 1 : 0),
    0,
  );
}
