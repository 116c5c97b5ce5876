import type { JsonObject } from "../../core/json.ts";
import { look, skillDocument, titleOf } from "../skills.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** A skill of random steps, and the titles of the tickets that a run of it opens if it completes. */
export type RandomSkill = {
  id: string;
  document: Record<string, string>;
  titlesOf: TitlesOf;
};

/** Of a run with this label and these parts. */
type TitlesOf = (label: string, parts: readonly string[]) => string[];

/** What the loops of a run go over. */
export function partsOf(label: string): string[] {
  return [1, 2, 3].map((number) => `${label}/${number}`);
}

const INPUTS = {
  inputs: {
    run: { type: "string", required: true },
    parts: { type: "array", default: [] },
  },
};

const RETRY = { max_attempts: 5, backoff_seconds: 0.05, max_backoff_seconds: 0.5 };

type Step = { step: JsonObject; titlesOf: TitlesOf };
type MakeStep = (random: SeededRandom, id: string) => Step;

/** The provider is as it is: each ticket by its own chance. */
const manner = "by_chance";
const config = { retry: RETRY, timeout_seconds: 5 };

/** One third of the effects goes to the provider that knows no keys. */
function pickCapability(random: SeededRandom): string {
  return random.percent(33) ? "verify.ticket.add" : "verify.ticket.open";
}

const makeEffect: MakeStep = (random, id) => ({
  step: {
    id,
    uses: pickCapability(random),
    input: { run: "inputs.run", place: id, manner },
    config,
  },
  titlesOf: (label) => [titleOf(label, id)],
});

const makeForeach: MakeStep = (random, id) => {
  const uses = pickCapability(random);
  const foreach = { items: "inputs.parts", concurrency: random.integer(1, 3) };
  return {
    step: { id, uses, input: { run: "item", place: id, manner }, config: { ...config, foreach } },
    titlesOf: (_label, parts) => parts.map((part) => titleOf(part, id)),
  };
};

const makeWhile: MakeStep = (random, id) => {
  const count = random.integer(2, 4);
  return {
    step: {
      id,
      uses: "verify.turn.open",
      input: { run: "inputs.run", place: id, turn: "iteration", manner },
      config: {
        ...config,
        while: { condition: `iteration < ${count}`, max_iterations: count },
      },
    },
    titlesOf: (label) =>
      Array.from({ length: count }, (_, turn) => `${titleOf(label, id)} ${turn}`),
  };
};

const makeTimer: MakeStep = (random, id) => ({
  step: { id, uses: "wait.timer", input: { duration_seconds: random.integer(5, 40) / 100 } },
  titlesOf: () => [],
});

const makePure: MakeStep = (_random, id) => ({ step: look(id), titlesOf: () => [] });

const SIMPLE: readonly MakeStep[] = [
  makeEffect,
  makeEffect,
  makeEffect,
  makeForeach,
  makeWhile,
  makeTimer,
  makePure,
];

/** So many skills; the first third is simple, and the others nest those. */
export function makeRandomSkills(random: SeededRandom, count: number): RandomSkill[] {
  const leaves = Math.ceil(count / 3);
  const skills: RandomSkill[] = [];
  for (let index = 0; index < count; index += 1) {
    const inner = index < leaves ? [] : skills.slice(0, leaves);
    skills.push(makeSkill(random, `random_${index}`, inner));
  }
  return skills;
}

function makeSkill(random: SeededRandom, name: string, inner: readonly RandomSkill[]): RandomSkill {
  const made = Array.from({ length: random.integer(2, 6) }, (_, index) => {
    // The name of a place tells the skill too, so that a nested skill's tickets are not its parent's.
    const id = `${name}_${index}`;
    return random.pick(SIMPLE)(random, id);
  });
  if (inner.length > 0) made.push(makeNested(random, `${name}_nested`, random.pick(inner)));
  const parallel = random.percent(50) ? makeParallel(random, name, made) : made;
  return {
    id: name,
    document: skillDocument(
      name,
      parallel.map(({ step }) => step),
      INPUTS,
    ),
    titlesOf: (label, parts) => parallel.flatMap(({ titlesOf }) => titlesOf(label, parts)),
  };
}

function makeNested(random: SeededRandom, id: string, skill: RandomSkill): Step {
  const uses = `skill:verify.${skill.id}`;
  const config = { retry: { max_attempts: 2, backoff_seconds: 0.05 } };
  if (random.percent(50)) {
    return {
      step: { id, uses, input: { run: "inputs.run", parts: "inputs.parts" } },
      titlesOf: skill.titlesOf,
    };
  }
  const foreach = { items: "inputs.parts", concurrency: 2 };
  return {
    // What its own loops go over is nothing: it runs for each part already.
    step: { id, uses, input: { run: "item", parts: [] }, config: { ...config, foreach } },
    titlesOf: (_label, parts) => parts.flatMap((part) => skill.titlesOf(part, [])),
  };
}

/** Two or more steps side by side between a first and a last one. */
function makeParallel(random: SeededRandom, name: string, middle: readonly Step[]): Step[] {
  const first = makeEffect(random, `${name}_first`);
  const last = makeEffect(random, `${name}_last`);
  const sides = middle.map(({ step, titlesOf }) => ({
    step: withDependencies(step, [`${name}_first`]),
    titlesOf,
  }));
  const ids = sides.flatMap(({ step: { id } }) => (typeof id === "string" ? [id] : []));
  return [first, ...sides, { ...last, step: withDependencies(last.step, ids) }];
}

function withDependencies(step: JsonObject, ids: string[]): JsonObject {
  const config = step["config"];
  const own = typeof config === "object" && config !== null && !Array.isArray(config) ? config : {};
  return { ...step, config: { ...own, depends_on: ids } };
}
