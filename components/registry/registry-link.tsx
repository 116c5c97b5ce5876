import Link from "next/link";
import { registryHref, type RegistryKind } from "./registry-kinds.ts";

/** A document of the registry by its id. */
export function RegistryLink({ kind, id }: { kind: RegistryKind; id: string }) {
  return (
    <Link className="mono break-all text-accent hover:underline" href={registryHref(kind, id)}>
      {id}
    </Link>
  );
}
