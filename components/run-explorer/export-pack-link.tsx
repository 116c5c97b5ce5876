import { Download } from "lucide-react";
import { buttonStyle } from "../ui/button.tsx";

/** Saves the run as a replay pack. A refusal opens as the API tells it. */
export function ExportPackLink({ runId }: { runId: string }) {
  return (
    <a
      href={`/api/v1/runs/${encodeURIComponent(runId)}/pack`}
      className={buttonStyle()}
      aria-label="Export replay pack"
      title="Save this run as one file: definition, events and results, without secrets"
    >
      <Download aria-hidden /> Export
    </a>
  );
}
