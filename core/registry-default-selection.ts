import { z } from "zod";
import { CapabilityIdSchema } from "./capability.ts";

/** A default-selection file: which binding serves a capability where nothing else was activated. */
export const DefaultSelectionSchema = z.looseObject({
  /** Binding id by capability id. */
  defaults: z.record(CapabilityIdSchema, z.string().min(1)),
  /** Every environment where absent. */
  environment: z.string().min(1).optional(),
});
export type DefaultSelection = z.infer<typeof DefaultSelectionSchema>;
