"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Users } from "lucide-react";
import { useState } from "react";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC, type ApiOutputs } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { GroupDialog } from "./group-dialog.tsx";

export type Group = ApiOutputs["groups"]["list"]["items"][number];

/** Groups of people, to whom questions may go: who belongs to them. */
export function GroupSettings() {
  const trpc = useTRPC();
  const groups = useQuery(trpc.groups.list.queryOptions());
  const [editing, setEditing] = useState<Group | "new" | null>(null);
  const [removing, setRemoving] = useState<Group | null>(null);
  if (groups.error !== null && groups.data === undefined)
    return <ErrorState error={toErrorView(groups.error)} onRetry={() => void groups.refetch()} />;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-ink-muted">
          A question to a group is decided by whoever belongs to it at that moment.
        </p>
        <Button look="primary" onClick={() => setEditing("new")}>
          <Plus aria-hidden /> Create group
        </Button>
      </div>
      {groups.data === undefined ? (
        <Skeleton className="h-32 w-full" />
      ) : groups.data.items.length === 0 ? (
        <EmptyState icon={Users} title="There is no group yet">
          Steps, policies and people who give a question to others can name one.
        </EmptyState>
      ) : (
        <ul aria-label="Groups" className="divide-y rounded-lg border bg-surface">
          {groups.data.items.map((group) => (
            <li key={group.name} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
              <span className="min-w-0 flex-1 basis-48">
                <span className="block truncate font-medium">{group.name}</span>
                <span
                  className="block truncate text-ink-muted"
                  title={group.members.map(({ email }) => email).join(", ")}
                >
                  {group.members.length === 0
                    ? "Nobody: what it is asked waits"
                    : group.members.map(({ name, email }) => `${name} (${email})`).join(", ")}
                </span>
              </span>
              <Button
                size="small"
                onClick={() => setEditing(group)}
                aria-label={`Change ${group.name}`}
              >
                Change
              </Button>
              <Button
                size="small"
                look="danger"
                onClick={() => setRemoving(group)}
                aria-label={`Remove ${group.name}`}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      {editing === null ? null : (
        <GroupDialog group={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
      {removing === null ? null : (
        <RemoveDialog group={removing} onClose={() => setRemoving(null)} />
      )}
    </>
  );
}

function RemoveDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.groups.remove.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.groups.pathKey() });
        onClose();
      },
    }),
  );
  return (
    <ConfirmDialog
      title={`Remove ${group.name}`}
      description="What it was asked waits: nobody decides it through this group any more, until somebody gives it to others."
      action="Remove group"
      request={remove}
      onConfirm={() => remove.mutate({ name: group.name })}
      onClose={onClose}
    />
  );
}
