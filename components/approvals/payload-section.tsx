import { Pencil, Undo2 } from "lucide-react";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import type { Fields } from "../../core/field.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { JsonViewer } from "../json-viewer/json-viewer.tsx";
import { choiceLabel } from "../start-run/input-text.ts";
import { InputEditor } from "../start-run/input-editor.tsx";
import type { useStartForm } from "../start-run/use-start-form.ts";
import { Button } from "../ui/button.tsx";
import { KeyCap } from "../ui/key-cap.tsx";

type PayloadSectionProps = {
  approval: ApprovalDetail;
  fields: Fields;
  form: ReturnType<typeof useStartForm>;
  /** What the server said of each value. */
  refused: Readonly<Record<string, string>>;
  isEditing: boolean;
  /** Begins or leaves an edit; null where nothing may be edited. */
  onToggle: (() => void) | null;
  onChange: () => void;
};

/** What exactly is decided: as it is, or in a form. */
export function PayloadSection({
  approval,
  fields,
  form,
  refused,
  isEditing,
  onToggle,
  onChange,
}: PayloadSectionProps) {
  const { redacted_values: masked } = approval;
  // What else stands in the payload of such a question says which call it is about.
  const isReplay = approval.kind === "replay";
  const { request, choice = null } = approval.payload;
  const payload = isReplay && isJsonObject(request) ? request : approval.payload;
  return (
    <section aria-label="Payload" className="flex max-w-3xl flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-medium">{titleOf(approval)}</h3>
        {onToggle !== null ? (
          <Button size="small" onClick={onToggle}>
            {isEditing ? <Undo2 aria-hidden /> : <Pencil aria-hidden />}
            {isEditing ? "Leave as it is" : "Edit"} <KeyCap>E</KeyCap>
          </Button>
        ) : null}
      </div>
      {isEditing ? (
        <div className="flex flex-col gap-4 rounded-lg border bg-surface p-4">
          {Object.entries(fields).map(([name, field]) => (
            <InputEditor
              key={name}
              name={name}
              field={field}
              text={form.texts[name] ?? ""}
              problem={form.problems[name] ?? refused[name] ?? null}
              onChange={(text) => {
                form.change(name, text);
                onChange();
              }}
            />
          ))}
        </div>
      ) : Object.keys(payload).length === 0 ? (
        <p className="text-ink-muted">Nothing is handed over; only the decision counts.</p>
      ) : (
        <div
          className="flex flex-col rounded-lg border bg-surface"
          style={{ height: viewerHeight(payload) }}
        >
          <JsonViewer value={payload} label="the payload" />
        </div>
      )}
      {isReplay && !isEditing ? (
        <p>
          <span className="text-ink-muted">What is done:</span>{" "}
          {choiceLabel(fields["choice"] ?? {}, choice)}
        </p>
      ) : null}
      {masked === 0 ? null : (
        <p className="text-ink-muted">
          {masked === 1 ? "One secret is" : `${masked} secrets are`} shown as{" "}
          <code className="mono">[redacted]</code>. What is left so stays as it is.
        </p>
      )}
    </section>
  );
}

function titleOf({ kind, gate }: ApprovalDetail): string {
  if (gate?.phase === "post_gate") return "Result, as it will be taken over";
  if (kind === "replay") return "Request, as it would be sent";
  const isSent = kind === "confirmation" || kind === "gate";
  return isSent ? "Payload, as it will be sent" : "Payload";
}

const LINE_PX = 20;
const BAR_PX = 48;

/** Tall enough for a small payload, and no taller than half a screen for a large one. */
function viewerHeight(payload: JsonObject): number {
  const lines = JSON.stringify(payload, null, 2).split("\n", 20).length;
  return BAR_PX + Math.max(lines, 3) * LINE_PX;
}
