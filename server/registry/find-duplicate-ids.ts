import type { Diagnostic } from "../../core/registry-diagnostic.ts";
import { identityOf, toDiagnostic, type RegistryDocument } from "./registry-document.ts";

/** An error for every document that declares what an earlier one of the same import declared, unless both say the same. */
export function findDuplicateIds(documents: RegistryDocument[]): Diagnostic[] {
  const first = new Map<string, RegistryDocument>();
  return documents.flatMap((document) => {
    const identity = identityOf(document);
    if (identity === null) return [];
    const other = first.get(identity);
    if (other === undefined) {
      first.set(identity, document);
      return [];
    }
    const isSame = other.contentHash === document.contentHash;
    return toDiagnostic(document, {
      severity: isSame ? "warning" : "error",
      code: "duplicate_id",
      pointer: ["id"],
      message: `${other.path} declares ${identity} as well${isSame ? ", with the same content" : ""}.`,
      hint: "Give one of them another id or version, or remove it.",
    });
  });
}
