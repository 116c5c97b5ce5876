import { z } from "zod";

/** What every list takes: the cursor of the page before, and how many items at most. */
export const PageSchema = z.object({
  cursor: z.string().min(1).max(500).optional().describe("next_cursor of the page before"),
  limit: z.int().min(1).max(500).default(50),
});

/** What every list answers; `next_cursor` is null on the last page. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}
