"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, CirclePlay, Pause, type LucideIcon } from "lucide-react";
import { useState } from "react";
import type { Permission } from "../../core/permissions.ts";
import { isTerminal, type RunStatus } from "../../core/run.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { CompensationChoice } from "./compensation-choice.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";

type Verb = "cancel" | "pause" | "resume";
type Look = {
  icon: LucideIcon;
  label: string;
  permission: Permission;
  title: string;
  consequence: string;
};

const LOOK: Record<Verb, Look> = {
  pause: {
    icon: Pause,
    label: "Pause",
    permission: "run:pause",
    title: "Pause this run",
    consequence: "Calls at work finish; nothing new starts until the run is resumed.",
  },
  resume: {
    icon: CirclePlay,
    label: "Resume",
    permission: "run:resume",
    title: "Resume this run",
    consequence: "The run goes on where it stopped. Steps that completed are not run again.",
  },
  cancel: {
    icon: Ban,
    label: "Cancel",
    permission: "run:cancel",
    title: "Cancel this run",
    consequence: "Calls at work are told to stop, and no further step starts.",
  },
};

/** What one may do with a run now. Verbs that its status rules out are not shown; ones not permitted say so. */
export function RunActions({
  runId,
  status,
  onResumed,
}: {
  runId: string;
  status: RunStatus;
  onResumed: () => void;
}) {
  const [asked, setAsked] = useState<Verb | null>(null);
  const [shouldCompensate, setShouldCompensate] = useState(false);
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const me = useQuery(trpc.me.get.queryOptions());
  const onSettled = async () => {
    await queryClient.invalidateQueries({ queryKey: trpc.runs.pathKey() });
  };
  const cancel = useMutation(trpc.runs.cancel.mutationOptions({ onSettled }));
  const pause = useMutation(trpc.runs.pause.mutationOptions({ onSettled }));
  const resume = useMutation(trpc.runs.resume.mutationOptions({ onSettled }));
  const mutation = { cancel, pause, resume }[asked ?? "cancel"];

  const close = () => {
    mutation.reset();
    setShouldCompensate(false);
    setAsked(null);
  };
  const send = (reason: string) => {
    const request = { run_id: runId, ...(reason === "" ? {} : { reason }) };
    const onSuccess = () => {
      if (asked === "resume") onResumed();
      close();
    };
    if (asked === "cancel")
      cancel.mutate({ ...request, compensate: shouldCompensate }, { onSuccess });
    else mutation.mutate(request, { onSuccess });
  };

  return (
    <>
      {verbsOf(status).map((verb) => {
        const { icon: Icon, label, permission } = LOOK[verb];
        const isAllowed = me.data?.permissions.includes(permission) ?? true;
        return (
          <Button
            key={verb}
            look={verb === "cancel" ? "danger" : "plain"}
            blockedBecause={
              isAllowed ? null : `Your role ${me.data?.role ?? ""} does not include ${permission}`
            }
            onClick={() => setAsked(verb)}
          >
            <Icon aria-hidden /> {label}
          </Button>
        );
      })}
      {asked === null ? null : (
        <ReasonDialog
          key={asked}
          title={LOOK[asked].title}
          consequence={LOOK[asked].consequence}
          verb={
            asked === "cancel" && shouldCompensate ? "Undo and cancel" : `${LOOK[asked].label} run`
          }
          isDangerous={asked === "cancel"}
          isBusy={mutation.isPending}
          error={mutation.error === null ? null : toErrorView(mutation.error)}
          onSend={send}
          onClose={close}
        >
          {asked === "cancel" ? (
            <CompensationChoice
              runId={runId}
              isChosen={shouldCompensate}
              onChoose={setShouldCompensate}
            />
          ) : null}
        </ReasonDialog>
      )}
    </>
  );
}

/** An ended run takes no verb, nor does one that is undoing what it did; it is started again instead. */
function verbsOf(status: RunStatus): Verb[] {
  if (isTerminal(status) || status === "compensating") return [];
  if (status === "running") return ["pause", "cancel"];
  return status === "paused" ? ["resume", "cancel"] : ["cancel"];
}
