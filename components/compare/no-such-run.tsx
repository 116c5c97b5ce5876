import { SearchX } from "lucide-react";
import Link from "next/link";
import { buttonStyle } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";

/** That a run to compare is not there, which of the given ids it may be, and the way to choose others. */
export function NoSuchRun({ ids }: { ids: readonly string[] }) {
  return (
    <>
      <PageHeader title="Compare runs" />
      <EmptyState icon={SearchX} title="There is no such run" command="orca runs list">
        <p>
          This tenant has no run{" "}
          {ids.map((id, index) => (
            <span key={id}>
              {index === 0 ? "" : " or no run "}
              <span className="mono break-all">{id}</span>
            </span>
          ))}
          . It may belong to another tenant, or a character is missing.
        </p>
        <Link href="/compare" className={`${buttonStyle()} mt-3`}>
          Choose other runs
        </Link>
      </EmptyState>
    </>
  );
}
