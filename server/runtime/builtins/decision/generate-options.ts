import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { splitSentences } from "../text/sentences.ts";

const STANCES = [
  {
    id: "proceed",
    label: "Go ahead fully",
    description: "Commit now, with the whole scope",
    key_attributes: { risk: "high", speed: "high", cost: "high" },
  },
  {
    id: "pilot",
    label: "Start with a limited pilot",
    description: "Try a small part first and decide on evidence",
    key_attributes: { risk: "low", speed: "medium", cost: "low" },
  },
  {
    id: "phased",
    label: "Go ahead in phases",
    description: "Commit step by step, with a check after each",
    key_attributes: { risk: "medium", speed: "medium", cost: "medium" },
  },
  {
    id: "defer",
    label: "Wait and gather information",
    description: "Decide later, once the open questions are answered",
    key_attributes: { risk: "low", speed: "low", cost: "low" },
  },
  {
    id: "decline",
    label: "Do not do it",
    description: "Keep things as they are",
    key_attributes: { risk: "low", speed: "high", cost: "low" },
  },
];

/**
 * Lays out the general stances towards a goal (go ahead, pilot, phases, wait, decline), up to `max_options` (4), each with the
 * sentence of `context` at its place. They are a frame for a decision, not ideas of their own: always `partial`.
 */
export const generateOptions: Builtin = (input) => {
  const given = new InputReader(input);
  const goal = given
    .text("goal")
    .trim()
    .replace(/[?.!]{1,3}$/, "");
  const evidence = splitSentences(given.text("context", "")).slice(0, 50);
  const constraints = Object.keys(given.object("constraints", {}));
  const options = STANCES.slice(0, given.whole("max_options", 4, 2, 5)).map((stance, index) => ({
    ...stance,
    description: `${stance.description}: ${goal}.`,
    rationale: evidence[index % Math.max(1, evidence.length)] ?? "No context was given.",
    constraints,
  }));
  return {
    options,
    generation_notes:
      "General stances towards the goal; no language model is bound to think up others.",
    status: "partial",
    rationale: "Options come from a fixed frame, filled with the goal and context.",
  };
};
