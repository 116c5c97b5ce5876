import { useQuery } from "@tanstack/react-query";
import { Check, CornerUpLeft, UserRoundPlus, X } from "lucide-react";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import { whyNoPushBack } from "../../core/push-back-place.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { KeyCap } from "../ui/key-cap.tsx";
import { whenApproved, whenDenied } from "./consequences.ts";
import type { ApprovalAnswer } from "./use-answer.ts";

/** What each answer leads to, and the answers; one who may not decide reads why. */
export function AnswerBar({
  approval,
  answer,
  onApprove,
  onDeny,
  onPushBack,
  onReassign,
}: {
  approval: ApprovalDetail;
  answer: ApprovalAnswer;
  onApprove: () => void;
  onDeny: () => void;
  onPushBack: () => void;
  onReassign: () => void;
}) {
  const { blocked_because: blockedBecause, claimed_by: claimedBy } = approval;
  const noPushBack = whyNoPushBack(approval);
  const trpc = useTRPC();
  const me = useQuery(trpc.me.get.queryOptions());
  const isMine = claimedBy !== null && claimedBy.approver === `user:${me.data?.user.user_id ?? ""}`;
  const busy = answer.isBusy ? "The request is on its way" : null;
  return (
    <footer className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t bg-surface px-4 py-3 lg:px-6">
      <div className="min-w-0 flex-1 basis-64 text-ink-soft">
        {blockedBecause === null ? (
          <>
            <p>{whenApproved(approval)}</p>
            <p>{whenDenied(approval)}</p>
            {noPushBack === null ? null : <p>{noPushBack}</p>}
          </>
        ) : (
          <p>{blockedBecause}</p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        {isMine ? (
          <Button blockedBecause={busy} onClick={answer.release}>
            Not on it any more
          </Button>
        ) : (
          <Button blockedBecause={blockedBecause ?? busy} onClick={answer.claim}>
            {claimedBy === null ? "I'm on it" : "Take it over"}
          </Button>
        )}
        <Button
          blockedBecause={me.data?.role === "admin" ? null : blockedBecause}
          onClick={onReassign}
        >
          <UserRoundPlus aria-hidden /> Reassign <KeyCap>R</KeyCap>
        </Button>
        {noPushBack === null ? (
          <Button blockedBecause={blockedBecause} onClick={onPushBack}>
            <CornerUpLeft aria-hidden /> Push back <KeyCap>B</KeyCap>
          </Button>
        ) : null}
        <Button look="danger" blockedBecause={blockedBecause} onClick={onDeny}>
          <X aria-hidden /> Deny <KeyCap>D</KeyCap>
        </Button>
        <Button look="primary" blockedBecause={blockedBecause} onClick={onApprove}>
          <Check aria-hidden /> Approve <KeyCap>A</KeyCap>
        </Button>
      </div>
    </footer>
  );
}
