import type { JsonObject } from "../../core/json.ts";
import type { Redactor } from "../../core/redaction.ts";
import type { RunEvent } from "../../core/run-events.ts";
import { compileSkill } from "../../core/run-plan.ts";
import { SkillSchema } from "../../core/skill.ts";
import { eventsHash } from "./event-chain.ts";
import { packHash } from "./pack-envelope.ts";
import type {
  CapabilityPart,
  EffectPart,
  RevisionPart,
  RunPart,
  SkillPart,
} from "./pack-format.ts";
import { learnSecrets, redactEvents, textsOf, variablesIn } from "./redact-pack.ts";
import { redriveEvents } from "./redrive-events.ts";
import { writePack } from "./write-pack.ts";

type Unredacted<Part> = Omit<Part, "is_redacted">;

/** What a pack is made from: a run as it is stored, secrets and all. The events fit their checkpoints. */
export type PackSources = {
  run: RunPart;
  skill: Unredacted<SkillPart>;
  capabilities: Unredacted<CapabilityPart>[];
  bindings: Unredacted<RevisionPart>[];
  services: Unredacted<RevisionPart>[];
  effects: EffectPart[];
  events: readonly RunEvent[];
  /** The values of secrets that the instance knows, given the variables that the definitions name. */
  secretsFor: (variables: Iterable<string>) => string[];
  exportedAt: Date;
  exportedBy: string;
};

/** Takes the secrets out, says which events rest on them, and writes the file. */
export async function assemblePack(sources: PackSources): Promise<Buffer> {
  const { run, events, effects } = sources;
  const definitions = [
    sources.skill,
    ...sources.capabilities,
    ...sources.bindings,
    ...sources.services,
  ];
  const known = sources.secretsFor(variablesIn(definitions));
  const redactor = await learnSecrets(known, events, definitions);
  for (const { provider_receipt: receipt } of effects) redactor.learn({ receipt }, "data");
  const carried = await redactEvents(redactor, events);
  const parts = {
    run: [run],
    skill: [redactSkill(redactor, sources.skill)],
    capabilities: sources.capabilities.map((each) =>
      redactDefinition(redactor, "capabilities", each),
    ),
    bindings: sources.bindings.map((each) => redactDefinition(redactor, "bindings", each)),
    services: sources.services.map((each) => redactDefinition(redactor, "services", each)),
    effects: effects.map((effect) => redactor.redact(effect, "data", "effects", "")),
    chain: [chainOf(run.run_id, events, carried)],
    redactions: redactor.report,
  };
  const toLines = (records: readonly unknown[]) => records.map((each) => JSON.stringify(each));
  return writePack(
    {
      run: toLines(parts.run),
      skill: toLines(parts.skill),
      capabilities: toLines(parts.capabilities),
      bindings: toLines(parts.bindings),
      services: toLines(parts.services),
      effects: toLines(parts.effects),
      events: textsOf(carried),
      chain: toLines(parts.chain),
      redactions: toLines(parts.redactions),
    },
    {
      run_id: run.run_id,
      skill_id: run.skill_id,
      skill_version: run.skill_version,
      status: run.status,
      exported_at: sources.exportedAt.toISOString(),
      exported_by: sources.exportedBy,
      redacted_values: redactor.report.reduce((sum, { count }) => sum + count, 0),
      redrive: await redriveBoth(sources, carried),
    },
  );
}

/** The history as it was and as the pack carries it: what differs in the second only rests on what was redacted. */
async function redriveBoth({ run, skill, events }: PackSources, carried: readonly RunEvent[]) {
  const plan = compileSkill(SkillSchema.parse(skill.document), run.skill_hash);
  const recorded = await redriveEvents(plan, run, events);
  const differing = new Set(recorded.differences.map(({ sequence }) => sequence));
  const redacted = await redriveEvents(plan, run, carried);
  return {
    events: events.length,
    identical: recorded.checked - differing.size,
    incomparable: redacted.differences
      .map(({ sequence }) => sequence)
      .filter((sequence) => !differing.has(sequence)),
  };
}

function chainOf(runId: string, events: readonly RunEvent[], carried: readonly RunEvent[]) {
  const hashes = textsOf(events).map(packHash);
  const changed = events.flatMap((event, index) =>
    event === carried[index] ? [] : [[String(index + 1), hashes[index] ?? ""] as const],
  );
  return {
    events_hash: eventsHash(runId, hashes),
    recorded_hashes: Object.fromEntries(changed),
  };
}

function redactSkill(redactor: Redactor, skill: Unredacted<SkillPart>) {
  const source = redactor.redact(skill.source, "definition", "skill", "/source");
  return { ...redactDefinition(redactor, "skill", skill), source };
}

/** A definition without secrets; `is_redacted` where it held some. */
function redactDefinition<D extends { id: string; document: JsonObject }>(
  redactor: Redactor,
  part: string,
  definition: D,
) {
  const { id, document } = definition;
  const redacted = redactor.redact(document, "definition", part, `/${id}`);
  return { ...definition, document: redacted, is_redacted: redacted !== document };
}
