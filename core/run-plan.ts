import type { CompensationRule, Skill, MergeStrategy, RetryRule } from "./skill.ts";
import { parseSkillUse } from "./skill.ts";
import { parseExpression, type Expression } from "./expressions.ts";
import type { Fields } from "./field.ts";
import { compileOutputMappings, type OutputMapping } from "./output-mapping.ts";
import type { LoopKind } from "./run-events.ts";
import { orderSteps, type StepOrder } from "./step-order.ts";
import { compileStepTemplate, type StepTemplate } from "./step-template.ts";

export type StepKind = "capability" | "skill" | "signal" | "timer" | "approval";

export type ScatterTarget = { alias: string; uses: string };

/** What repeats a step: each repetition is an occurrence of its own. */
export type Loop =
  | {
      kind: "foreach";
      items: Expression;
      as: string;
      indexAs: string;
      concurrency: number;
      maxItems: number;
    }
  | { kind: "while"; condition: Expression; maxIterations: number }
  | {
      kind: "scatter";
      targets: readonly ScatterTarget[];
      merge: "collect" | "concat_lists" | "first_success";
    };

/** One step, compiled: everything that does not depend on a run is settled here. */
export type PlanStep = {
  index: number;
  id: string;
  uses: string;
  kind: StepKind;
  dependsOn: readonly number[];
  dependants: readonly number[];
  /** The dependencies are branches that the author drew, not mere file order: all skipped means skipped. */
  isBranch: boolean;
  /** How many dependencies must have completed; null means that all must have ended. */
  joinNeed: number | null;
  input: StepTemplate;
  output: readonly OutputMapping[];
  mergeStrategy: MergeStrategy;
  condition: Expression | null;
  retry: RetryRule | null;
  timeoutMs: number | null;
  loop: Loop | null;
  router: {
    on: Expression;
    cases: Readonly<Record<string, string>>;
    default: string | null;
  } | null;
  match: Expression | null;
};

/** A skill version compiled once: validated, ordered, every reference and expression parsed. Immutable. */
export type Plan = {
  skillId: string;
  skillVersion: string;
  skillHash: string;
  steps: readonly PlanStep[];
  stepIndex: ReadonlyMap<string, number>;
  /** Step indexes in an order in which every step stands after what it waits for. */
  order: readonly number[];
  failFast: boolean;
  timeoutMs: number | null;
  compensation: CompensationRule;
  inputs: Fields;
  requiredOutputs: readonly string[];
};

/** The names that an expression or input of this step may use besides the namespaces. */
export function localsOf(
  loop: { kind: LoopKind; as?: string; indexAs?: string } | null,
): readonly string[] {
  if (loop?.kind === "foreach") return [loop.as ?? "item", loop.indexAs ?? "index"];
  if (loop?.kind === "while") return ["iteration"];
  return [];
}

/**
 * Compiles a skill. Throws DomainError `invalid_configuration` or `invalid_request` naming the step for what the
 * import would have refused. 10,000 steps take under 150 ms (`bench plan-10000`).
 */
export function compileSkill(skill: Skill, skillHash: string): Plan {
  const optionalInputs = new Set(
    Object.entries(skill.inputs)
      .filter(([, field]) => !field.required)
      .map(([name]) => name),
  );
  const { compensation } = skill.config;
  const drafts = skill.steps.map((step) => compileStep(step, optionalInputs, compensation));
  const order = orderSteps(
    skill.steps.map((step, index) => ({
      id: step.id,
      dependsOn: step.config.depends_on ?? null,
      reads: readsOf(drafts[index]),
      writes: drafts[index]?.output.map((mapping) => mapping.target.source) ?? [],
    })),
    skill.config.schedule,
  );
  return {
    skillId: skill.id,
    skillVersion: skill.version,
    skillHash,
    steps: drafts.map((draft, index) => link(draft, index, order)),
    stepIndex: new Map(skill.steps.map((step, index) => [step.id, index])),
    order: order.sequence,
    failFast: skill.config.fail_fast,
    timeoutMs:
      skill.config.timeout_seconds === undefined ? null : skill.config.timeout_seconds * 1000,
    compensation,
    inputs: skill.inputs,
    requiredOutputs: Object.entries(skill.outputs)
      .filter(([, field]) => field.required)
      .map(([name]) => name),
  };
}

type StepDraft = Omit<PlanStep, "index" | "dependsOn" | "dependants" | "isBranch">;

function compileStep(
  step: Skill["steps"][number],
  optionalInputs: ReadonlySet<string>,
  compensation: CompensationRule,
): StepDraft {
  const { config } = step;
  const loop = compileLoop(config);
  const locals = localsOf(loop);
  return {
    id: step.id,
    uses: step.uses,
    kind: kindOf(step.uses),
    joinNeed:
      typeof config.join === "object" ? config.join.n_of_m : config.join === "any" ? 1 : null,
    input: compileStepTemplate(step.input, { locals, optionalInputs }),
    output: compileOutputMappings(step.output),
    mergeStrategy: config.merge_strategy,
    condition: config.condition === undefined ? null : parseExpression(config.condition),
    retry: retryOf(config.retry ?? null, compensation),
    timeoutMs: config.timeout_seconds === undefined ? null : config.timeout_seconds * 1000,
    loop,
    router:
      config.router === undefined
        ? null
        : {
            on: parseExpression(config.router.on, locals),
            cases: config.router.cases,
            default: config.router.default ?? null,
          },
    match: config.match === undefined ? null : parseExpression(config.match, ["signal"]),
  };
}

/** Going forward instead of undoing: each step has the recovery's attempts on top of its own. */
function retryOf(own: RetryRule | null, { strategy, on_failure, retry }: CompensationRule) {
  if (strategy !== "forward" || !on_failure) return own;
  return { ...(own ?? retry), max_attempts: (own?.max_attempts ?? 1) + retry.max_attempts };
}

function kindOf(uses: string): StepKind {
  if (uses === "wait.signal") return "signal";
  if (uses === "wait.timer") return "timer";
  if (uses === "wait.approval") return "approval";
  return parseSkillUse(uses) === null ? "capability" : "skill";
}

function compileLoop(config: Skill["steps"][number]["config"]): Loop | null {
  if (config.foreach !== undefined) {
    const { items, as, index_as: indexAs, concurrency, max_items: maxItems } = config.foreach;
    return { kind: "foreach", items: parseExpression(items), as, indexAs, concurrency, maxItems };
  }
  if (config.while !== undefined) {
    const condition = parseExpression(config.while.condition, ["iteration"]);
    return { kind: "while", condition, maxIterations: config.while.max_iterations };
  }
  if (config.scatter !== undefined) {
    const targets = config.scatter.capabilities.map((target) =>
      typeof target === "string"
        ? { alias: target.replaceAll(".", "_").replaceAll(":", "_"), uses: target }
        : { alias: target.as, uses: target.uses },
    );
    return { kind: "scatter", targets, merge: config.scatter.merge };
  }
  return null;
}

function readsOf(draft: StepDraft | undefined): string[] {
  if (draft === undefined) return [];
  const expressions = [
    draft.condition,
    draft.router?.on,
    draft.match,
    draft.loop?.kind === "foreach" ? draft.loop.items : null,
    draft.loop?.kind === "while" ? draft.loop.condition : null,
  ];
  return [draft.input, ...expressions].flatMap((part) =>
    part === null || part === undefined
      ? []
      : part.references
          .filter((reference) => reference.namespace !== "locals")
          .map((reference) => `${reference.namespace}.${reference.path.join(".")}`),
  );
}

function link(draft: StepDraft, index: number, order: StepOrder): PlanStep {
  return {
    ...draft,
    index,
    dependsOn: order.dependsOn[index] ?? [],
    dependants: order.dependants[index] ?? [],
    isBranch: order.isBranch[index] ?? false,
  };
}
