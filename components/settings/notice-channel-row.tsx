"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleX, Mail, Webhook } from "lucide-react";
import { NOTICE_TYPES } from "../../core/notice.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC, type ApiOutputs } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { Problem } from "../ui/problem.tsx";
import { NOTICE_LABEL } from "./notice-words.ts";

export type Channel = ApiOutputs["notices"]["channels"]["items"][number];

const KINDS = {
  webhook: { icon: Webhook, label: "Webhook" },
  email: { icon: Mail, label: "E-mail" },
};

/** A channel: where it leads, what it is told of, and whether it works. */
export function NoticeChannelRow({
  channel,
  onRemove,
}: {
  channel: Channel;
  onRemove: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.notices.pathKey() });
  const flip = useMutation(trpc.notices.switchChannel.mutationOptions({ onSuccess }));
  const test = useMutation(trpc.notices.testChannel.mutationOptions());
  const { channel_id: id, name, kind, is_enabled: isEnabled, environment, types } = channel;
  const { icon: Icon, label } = KINDS[kind];
  const target = channel.url ?? channel.recipients.join(", ");
  const failure = flip.error ?? test.error;
  return (
    <li className="flex flex-col gap-2 px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Icon role="img" aria-label={label} className="size-4 shrink-0 text-ink-muted" />
        <span className="min-w-0 flex-1 basis-56">
          <span className="flex items-center gap-2">
            <span className="truncate font-medium" title={name}>
              {name}
            </span>
            {isEnabled ? null : (
              <span className="rounded-sm bg-waiting-soft px-1.5 text-sm text-waiting">Off</span>
            )}
          </span>
          <span className="mono block truncate text-ink-muted" title={target}>
            {target}
          </span>
          <span className="block text-ink-muted">
            {environment === null ? "All environments" : `Environment ${environment}`}
            {types.length === NOTICE_TYPES.length
              ? ""
              : ` · only when: ${types.map((type) => NOTICE_LABEL[type].toLowerCase()).join(", ")}`}
          </span>
        </span>
        <span className="flex flex-wrap gap-2">
          <Button
            size="small"
            blockedBecause={test.isPending ? "The test is on its way" : null}
            onClick={() => test.mutate({ channel_id: id })}
            aria-label={`Send a test to ${name}`}
          >
            {test.isPending ? "Sending …" : "Send test"}
          </Button>
          <Button
            size="small"
            blockedBecause={flip.isPending ? "The request is on its way" : null}
            onClick={() => flip.mutate({ channel_id: id, is_enabled: !isEnabled })}
            aria-label={`Switch ${name} ${isEnabled ? "off" : "on"}`}
          >
            Switch {isEnabled ? "off" : "on"}
          </Button>
          <Button size="small" look="danger" onClick={onRemove} aria-label={`Remove ${name}`}>
            Remove
          </Button>
        </span>
      </div>
      {/* There from the start, so that what is put into it is read aloud. */}
      <p role="status" className="empty:hidden">
        {test.data === undefined || test.isPending ? null : <TestOutcome outcome={test.data} />}
      </p>
      {failure === null ? null : <Problem error={toErrorView(failure)} />}
    </li>
  );
}

function TestOutcome({ outcome }: { outcome: ApiOutputs["notices"]["testChannel"] }) {
  const { is_delivered: isDelivered, last_status: status, problem, took_ms: tookMs } = outcome;
  const Icon = isDelivered ? CircleCheck : CircleX;
  const answered = status === null ? "" : ` and answered ${status}`;
  return (
    <span
      className={classNames("flex items-start gap-1.5", isDelivered ? "text-done" : "text-bad")}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">
        {isDelivered
          ? `It took the test${answered} within ${formatDuration(tookMs)}.`
          : `It did not take the test. ${problem ?? ""}`}
      </span>
    </span>
  );
}
