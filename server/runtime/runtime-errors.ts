import { DomainError } from "../../core/errors.ts";

export function runNotFound(runId: string): DomainError {
  return new DomainError("run_not_found", `There is no run ${runId}.`, {
    details: { run_id: runId },
  });
}

export function unknownSkill(skillId: string, version: string | null): DomainError {
  const name = version === null ? skillId : `${skillId}@${version}`;
  return new DomainError("not_found", `The registry has no skill ${name}.`, {
    hint: "Import it, or choose one of `GET /api/v1/skills`.",
    details: { skill: skillId, ...(version === null ? {} : { version }) },
  });
}

export function unknownEnvironment(name: string): DomainError {
  return new DomainError("not_found", `There is no environment ${name}.`, {
    hint: "Choose one of `GET /api/v1/environments`.",
    details: { environment: name },
  });
}

/** A stored history that does not fit its own hashes: nothing is built on it. */
export function damagedHistory(runId: string, sequence: number, what: string): DomainError {
  return new DomainError(
    "invalid_configuration",
    `The history of run ${runId} is damaged at event ${sequence}: ${what}.`,
    {
      hint: "Restore the run's events from a backup.",
      details: { run_id: runId, sequence },
    },
  );
}

/** The refusal to carry out another plan than the one that was looked at; `planHash` is that of the plan as it is now. */
export function planOutdated(planHash: string | null): DomainError {
  return new DomainError(
    "plan_outdated",
    "What the run, its skill, its policy or the ledger hold has changed since this plan was made.",
    { hint: "Look at the plan again.", details: { plan_hash: planHash } },
  );
}
