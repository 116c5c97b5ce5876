"use client";

import { toErrorView } from "../api/error-view.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";

/** Asks before something is taken away for good, and says what goes with it. */
export function ConfirmDialog({
  title,
  description,
  action,
  request,
  onConfirm,
  onClose,
}: {
  title: string;
  description: string;
  /** What the button that does it says. */
  action: string;
  request: { error: unknown; isPending: boolean };
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog isOpen title={title} description={description} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {request.error === null ? null : <Problem error={toErrorView(request.error)} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep it</Button>
          <Button
            look="danger"
            blockedBecause={request.isPending ? "The request is on its way" : null}
            onClick={onConfirm}
          >
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
