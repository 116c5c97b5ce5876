import * as fc from "fast-check";
import type { ReplayPolicy } from "../../../core/capability.ts";
import type { JsonObject } from "../../../core/json.ts";

/** What a capability of a drawn skill does: by its id, `fake.<kind>.do`. */
export const KINDS = [
  "read",
  "write",
  "again",
  "grave",
  "mail",
  "confirmed",
  "trusted",
  "gated",
  "closed",
  "soft",
  "checked",
] as const;
export type Kind = (typeof KINDS)[number];

type Control = "none" | "foreach" | "while" | "router" | "scatter" | "first" | "signal" | "nested";

type DrawnStep = {
  kind: Kind;
  control: Control;
  dependsOn: number[] | null;
  condition: string | null;
};

/** Denied; approved; or approved, and of a question about an effect: it happened, or its result is taken. */
export type Answer = "deny" | "approve" | "take";

/** A run of a random skill, what goes wrong in it, and what a replay, fork or resume of it changes. */
export type DrawnReplay = {
  steps: DrawnStep[];
  failFast: boolean;
  inputs: { value: string; flag: boolean; list: string[] };
  /** Steps that fail in the first run: certainly without an effect, or with an unknown outcome. */
  broken: number[];
  unclear: number[];
  isSignaled: boolean;
  /** From where, in hundredths of the history; null: where it failed, or the beginning. */
  from: number | null;
  operation: "replay" | "fork" | "resume";
  /** Steps that bring something else the second time, and those that fail then. */
  noisy: number[];
  brokenAgain: number[];
  editedInputs: boolean;
  editedVar: number | null;
  /** Steps that have another name in the version that is replayed. */
  renamed: number[];
  /** What the caller says became of steps: the same, under whichever name, or gone. */
  mapped: { step: number; isGone: boolean }[];
  /** Steps whose gates do not allow them, the first time and the second. */
  refused: number[];
  refusedAgain: number[];
  /** Whether who started the run, and who replays it, may have it trusted with everything. */
  isTrusted: boolean;
  isTrustedAgain: boolean;
  /** What people say when they are asked, in the order in which they are, the first time and the second. */
  answers: Answer[];
  answersAgain: Answer[];
  /** Another process goes on with what was begun. */
  isTakenOver: boolean;
  choices: { step: number; policy: ReplayPolicy }[];
};

const few = fc.array(fc.nat(5), { maxLength: 2 });
const seldom = fc.oneof(
  { weight: 3, arbitrary: fc.constant<number[]>([]) },
  { weight: 1, arbitrary: few },
);

const answers = fc.array(fc.constantFrom<Answer>("approve", "approve", "approve", "take", "deny"), {
  maxLength: 4,
});

export const arbitraryReplay: fc.Arbitrary<DrawnReplay> = fc.record({
  steps: fc.array(
    fc.record<DrawnStep>({
      kind: fc.constantFrom(...KINDS, "read", "write", "write"),
      control: fc.constantFrom<Control>(
        "none",
        "none",
        "none",
        "foreach",
        "while",
        "router",
        "scatter",
        "first",
        "signal",
        "nested",
      ),
      dependsOn: fc.option(fc.array(fc.nat(5), { maxLength: 2 }), { nil: null }),
      condition: fc.constantFrom(null, null, null, "inputs.flag", "not inputs.flag"),
    }),
    { minLength: 2, maxLength: 6 },
  ),
  failFast: fc.boolean(),
  inputs: fc.record({
    value: fc.constantFrom("x", "y"),
    flag: fc.boolean(),
    list: fc.array(fc.constantFrom("p", "q", "r"), { maxLength: 3 }),
  }),
  broken: seldom,
  unclear: seldom,
  isSignaled: fc.boolean(),
  from: fc.option(fc.nat(100), { nil: null }),
  operation: fc.constantFrom("replay", "replay", "fork", "resume"),
  noisy: seldom,
  brokenAgain: seldom,
  editedInputs: fc.boolean(),
  editedVar: fc.option(fc.nat(5), { nil: null, freq: 3 }),
  renamed: seldom,
  mapped: fc.oneof(
    { weight: 3, arbitrary: fc.constant<DrawnReplay["mapped"]>([]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.record({ step: fc.nat(5), isGone: fc.boolean() }), { maxLength: 2 }),
    },
  ),
  refused: seldom,
  refusedAgain: seldom,
  isTrusted: fc.boolean(),
  isTrustedAgain: fc.boolean(),
  answers,
  answersAgain: answers,
  isTakenOver: fc.integer({ min: 0, max: 7 }).map((drawn) => drawn === 7),
  choices: fc.array(
    fc.record({
      step: fc.nat(5),
      policy: fc.constantFrom<ReplayPolicy>("reexecute", "use_recorded_result", "require_human"),
    }),
    { maxLength: 2 },
  ),
});

/** The id of a drawn step in one of the two versions. */
export function drawnStepId(drawn: DrawnReplay, index: number, version: 1 | 2): string {
  return version === 2 && drawn.renamed.includes(index) ? `r${index}` : `s${index}`;
}

/** What the caller of a replay in one of the two versions says became of the steps. */
export function drawnStepMap(drawn: DrawnReplay, version: 1 | 2): Record<string, string | null> {
  return Object.fromEntries(
    drawn.mapped
      .filter(({ step }) => step < drawn.steps.length)
      .map(({ step, isGone }) => [`s${step}`, isGone ? null : drawnStepId(drawn, step, version)]),
  );
}

/** The drawn skill as a document. Functions know a step by the input `key`, which both versions share. */
export function drawnSkill(drawn: DrawnReplay, id: string, version: 1 | 2): JsonObject {
  return {
    id,
    version: `${version}.0.0`,
    name: "Drawn",
    description: "Made by a property test.",
    inputs: {
      value: { type: "string" },
      flag: { type: "boolean" },
      list: { type: "array" },
    },
    config: { fail_fast: drawn.failFast },
    steps: drawn.steps.map((step, index) => stepDocument(drawn, step, index, version)),
  };
}

function stepDocument(
  drawn: DrawnReplay,
  { kind, control, dependsOn, condition }: DrawnStep,
  index: number,
  version: 1 | 2,
): JsonObject {
  const before = [...new Set(dependsOn?.filter((other) => other < index) ?? [])];
  const source = before[0] ?? (dependsOn === null && index > 0 ? index - 1 : null);
  const value = source === null ? "inputs.value" : `vars.v${source}`;
  const uses = `fake.${kind}.do`;
  const config: JsonObject = {
    ...(dependsOn === null
      ? {}
      : { depends_on: before.map((other) => drawnStepId(drawn, other, version)) }),
    ...(condition === null ? {} : { condition }),
  };
  const base = { id: drawnStepId(drawn, index, version), config };
  if (control === "signal")
    return {
      ...base,
      uses: "wait.signal",
      input: { name: "go" },
      output: { payload: `vars.v${index}` },
    };
  if (control === "nested") {
    const input = { value, key: `k${index}` };
    return { ...base, uses: "skill:fake.inner", input, output: { value: `vars.v${index}` } };
  }
  const input: JsonObject = { value, key: `k${index}` };
  const output: JsonObject = { value: `vars.v${index}` };
  if (control === "foreach") {
    input["item"] = "item";
    config["foreach"] = { items: "inputs.list", concurrency: 2 };
  }
  if (control === "while") {
    config["while"] = { condition: "iteration < 2", max_iterations: 3 };
  }
  if (control === "router") {
    config["router"] = { on: "inputs.flag", cases: { true: uses }, default: "fake.read.do" };
  }
  if (control === "scatter" || control === "first") {
    const merge = control === "first" ? "first_success" : "collect";
    const capabilities = [
      { as: "one", uses },
      { as: "two", uses: "fake.write.do" },
    ];
    config["scatter"] = { capabilities, merge };
    if (control === "scatter") {
      delete output["value"];
      output["one"] = `vars.v${index}`;
    }
  }
  return { ...base, uses, input, output };
}
