import { z } from "zod";
import type { ErrorView } from "../api/error-view.ts";

const DetailsSchema = z.object({
  problems: z.array(z.object({ path: z.string(), problem: z.string() })),
});

/** What the server said of each input, by the input's name; problems it places elsewhere stand under "". */
export function problemsByInput(
  error: ErrorView | null,
  inputs: readonly string[],
): Record<string, string> {
  const parsed = DetailsSchema.safeParse(error?.details);
  if (!parsed.success) return {};
  const found: Record<string, string> = {};
  for (const { path, problem } of parsed.data.problems) {
    const bare = path.replace(/^\/?(?:inputs[./])?/, "");
    const name =
      inputs.find(
        (input) =>
          bare === input || (/^[./[]/.test(bare.slice(input.length)) && bare.startsWith(input)),
      ) ?? "";
    const place =
      name === "" || bare === name ? "" : `${bare.slice(name.length).replace(/^[./]/, "")}: `;
    found[name] =
      found[name] === undefined ? `${place}${problem}` : `${found[name]} ${place}${problem}`;
  }
  return found;
}
