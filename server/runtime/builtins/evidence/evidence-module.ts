import type { BuiltinModule } from "../builtin.ts";
import { generateCitation } from "./generate-citation.ts";
import { verifyClaim } from "./verify-claim.ts";

/** Module `orca.evidence`: citations, and claims compared with sources. */
export const EVIDENCE_MODULE: BuiltinModule = {
  generate_citation: generateCitation,
  verify_claim: verifyClaim,
};
