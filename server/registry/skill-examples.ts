import { z } from "zod";
import { JsonObjectSchema } from "../../core/field.ts";
import type { JsonObject } from "../../core/json.ts";

const ExampleSchema = z.object({ description: z.string().default(""), input: JsonObjectSchema });

/** The examples in a skill's metadata that can be started with; others are passed over. */
export function skillExamplesOf(
  metadata: Record<string, unknown>,
): { description: string; input: JsonObject }[] {
  const { examples } = metadata;
  if (!Array.isArray(examples)) return [];
  return examples.flatMap((example) => {
    const parsed = ExampleSchema.safeParse(example);
    return parsed.success ? parsed.data : [];
  });
}
