import type { RunEvent } from "../../core/run-events.ts";
import { compileSkill, type Plan } from "../../core/run-plan.ts";
import { SkillSchema } from "../../core/skill.ts";
import { contentHashOf } from "../registry/content-hash.ts";
import { checkCheckpoints, eventsHash, type ChainCheck } from "./event-chain.ts";
import { packHash } from "./pack-envelope.ts";
import { damagedPack } from "./pack-errors.ts";
import type { Pack } from "./read-pack.ts";

/** What a pack's parts prove about each other. */
export type PackCheck = {
  plan: Plan;
  events: RunEvent[];
  chain: Pick<ChainCheck, "recomputed" | "attested">;
};

/**
 * Checks that the parts of a pack belong together: the definition is the one that ran, the events are the run's and
 * bear out its checkpoints. Throws `invalid_request` naming the part that does not fit.
 */
export function checkPack(pack: Pack): PackCheck {
  const { run, skill, events: lines, texts, chain } = pack;
  const events = lines.map((line, index): RunEvent => ({ ...line, sequence: index + 1 }));
  const [created] = events;
  if (created?.type !== "run.created")
    throw damagedPack("events", "they do not begin with the run");
  if (events.length !== run.head_sequence)
    throw damagedPack("events", `the run has ${run.head_sequence}, and here are ${events.length}`);
  const hashes = new Set([run.skill_hash, skill.content_hash, created.payload.skill_hash]);
  const isOwn = skill.is_redacted || contentHashOf(skill.document) === skill.content_hash;
  if (!isOwn || hashes.size > 1 || skill.id !== run.skill_id || skill.version !== run.skill_version)
    throw damagedPack("skill", "its hash is not that of the skill that ran");
  const redacted = new Map(
    Object.entries(chain.recorded_hashes).map(([sequence, hash]) => [Number(sequence), hash]),
  );
  const recorded = texts.map((text, index) => redacted.get(index + 1) ?? packHash(text));
  if (eventsHash(run.run_id, recorded) !== chain.events_hash)
    throw damagedPack("chain", "it is not over these events");
  const checked = checkCheckpoints(events, texts, new Set(redacted.keys()));
  if ("brokenAt" in checked)
    throw damagedPack("events", `the checkpoint at event ${checked.brokenAt} does not fit`);
  if (checked.headHash !== run.head_hash)
    throw damagedPack("run", "its last checkpoint is another one");
  return { plan: planOf(pack), events, chain: checked };
}

function planOf({ skill, run }: Pack): Plan {
  const parsed = SkillSchema.safeParse(skill.document);
  if (!parsed.success) throw damagedPack("skill", "it is not a skill");
  const { id, version } = parsed.data;
  if (id !== run.skill_id || version !== run.skill_version)
    throw damagedPack("skill", `it is ${id}@${version}, which did not run`);
  return compileSkill(parsed.data, run.skill_hash);
}
