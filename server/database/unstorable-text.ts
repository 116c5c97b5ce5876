import { z } from "zod";

/** SQLSTATE of a text that has no place in a text column: PostgreSQL's cannot hold NUL. */
const Refusal = z.object({ code: z.literal("22021") });
const PrismaRefusal = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: Refusal }) }),
});

/** True where a statement was refused because one of its texts holds the NUL character. */
export function isUnstorableText(thrown: unknown): boolean {
  return Refusal.safeParse(thrown).success || PrismaRefusal.safeParse(thrown).success;
}
