import { z } from "zod";

const RefusalSchema = z.object({ name: z.literal("DomainError"), code: z.string() });

/**
 * The code of an error that sign-in threw on purpose; `unavailable` for every other one. Known by its name: Next
 * bundles a second copy of the class for the route, of which what the process throws is no instance.
 */
export function refusalCode(thrown: unknown): string {
  const refusal = RefusalSchema.safeParse(thrown);
  return refusal.success ? refusal.data.code : "unavailable";
}
