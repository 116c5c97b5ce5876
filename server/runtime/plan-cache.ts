import { compileSkill, type Plan } from "../../core/run-plan.ts";
import type { Skill } from "../../core/skill.ts";

/** Plans kept; beyond it the one unused for longest goes. */
const MAX_PLANS = 1_000;

/** Compiles each skill version once, by its content hash. */
export class PlanCache {
  readonly #plans = new Map<string, Plan>();

  planOf(skill: Skill, contentHash: string): Plan {
    const known = this.#plans.get(contentHash);
    if (known !== undefined) {
      this.#plans.delete(contentHash);
      this.#plans.set(contentHash, known);
      return known;
    }
    const plan = compileSkill(skill, contentHash);
    this.#plans.set(contentHash, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > MAX_PLANS && oldest !== undefined) this.#plans.delete(oldest);
    return plan;
  }
}
