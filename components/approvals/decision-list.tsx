import Link from "next/link";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import type { PushBack, Verdict } from "../../core/approval.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { formFields } from "./form-fields.ts";
import { EditedValues } from "./edited-values.tsx";

const DID: Record<Verdict, string> = {
  approve: "approved",
  deny: "denied",
  push_back: "pushed it back",
};

/** Every answer so far, in order: who, when, why, and what was edited. */
export function DecisionList({ approval }: { approval: ApprovalDetail }) {
  const { decisions } = approval;
  const fields = formFields(approval);
  if (decisions.length === 0) return null;
  return (
    <section aria-label="Decisions" className="flex flex-col gap-2">
      <h3 className="font-medium">Decisions</h3>
      <ol className="divide-y rounded-lg border">
        {decisions.map((made) => (
          <li key={`${made.approver}${made.at}`} className="flex flex-col gap-1 px-3 py-2">
            <p className="flex flex-wrap justify-between gap-x-4">
              <span>
                <span className="font-medium">{made.name}</span> {DID[made.decision]}
                {made.changes === undefined ? "" : " with edits"}
                {made.push_back === undefined ? null : <PushedTo to={made.push_back} />}
              </span>
              <span className="text-ink-muted">
                <RelativeTime at={made.at} />
              </span>
            </p>
            {made.comment === undefined ? null : (
              <p className="break-words whitespace-pre-wrap text-ink-soft">{made.comment}</p>
            )}
            <EditedValues changes={made.changes ?? []} label="What was edited" fields={fields} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function PushedTo({ to }: { to: PushBack }) {
  return (
    <>
      {" "}
      to <span className="mono">{to.step}</span>;{" "}
      <Link className="text-accent underline" href={`/runs/${to.run_id}`}>
        the run that took its place
      </Link>
    </>
  );
}
