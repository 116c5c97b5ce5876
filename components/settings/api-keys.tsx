"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { PERMISSIONS } from "../../core/permissions.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC, type ApiOutputs } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { CreateKeyDialog } from "./create-key-dialog.tsx";

type ApiKey = ApiOutputs["apiKeys"]["list"]["items"][number];

/** The keys by which programs reach this tenant: created, seen once, revoked. */
export function ApiKeys() {
  const trpc = useTRPC();
  const keys = useQuery(trpc.apiKeys.list.queryOptions({ limit: 200 }));
  const [isCreating, setIsCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  if (keys.error !== null && keys.data === undefined)
    return <ErrorState error={toErrorView(keys.error)} onRetry={() => void keys.refetch()} />;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-ink-muted">
          Programs send a key as a bearer token. Only its hash is kept, so it is shown once.
        </p>
        <Button look="primary" onClick={() => setIsCreating(true)}>
          <Plus aria-hidden /> Create key
        </Button>
      </div>
      {keys.data === undefined ? (
        <Skeleton className="h-32 w-full" />
      ) : keys.data.items.length === 0 ? (
        <EmptyState icon={KeyRound} title="There is no API key yet">
          Create one for each program, with no more scopes than it needs.
        </EmptyState>
      ) : (
        <ul aria-label="API keys" className="divide-y rounded-lg border bg-surface">
          {keys.data.items.map((key) => (
            <KeyRow key={key.api_key_id} apiKey={key} onRevoke={() => setRevoking(key)} />
          ))}
        </ul>
      )}
      {isCreating ? <CreateKeyDialog onClose={() => setIsCreating(false)} /> : null}
      {revoking === null ? null : (
        <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} />
      )}
    </>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{apiKey.name}</span>
        <span className="mono block truncate text-ink-muted" title={apiKey.scopes.join(", ")}>
          {apiKey.prefix}… ·{" "}
          {apiKey.scopes.length === PERMISSIONS.length ? "every scope" : apiKey.scopes.join(", ")}
        </span>
      </span>
      <span className="text-ink-muted">
        made <RelativeTime at={apiKey.created_at} /> ·{" "}
        {apiKey.last_used_at === null ? (
          "never used"
        ) : (
          <>
            used <RelativeTime at={apiKey.last_used_at} />
          </>
        )}
      </span>
      {apiKey.revoked_at === null ? (
        <Button look="danger" size="small" onClick={onRevoke} aria-label={`Revoke ${apiKey.name}`}>
          Revoke
        </Button>
      ) : (
        <span className="text-ink-muted">
          revoked <RelativeTime at={apiKey.revoked_at} />
        </span>
      )}
    </li>
  );
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.apiKeys.revoke.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.apiKeys.pathKey() });
        onClose();
      },
    }),
  );
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name}`}
      description="Programs that use this key are refused from now on. It cannot be undone."
      action="Revoke key"
      request={revoke}
      onConfirm={() => revoke.mutate({ api_key_id: apiKey.api_key_id })}
      onClose={onClose}
    />
  );
}
