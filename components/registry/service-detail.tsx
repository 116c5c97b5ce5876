"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC, type ApiOutputs } from "../api/trpc.ts";
import { PropertyList } from "../ui/property-list.tsx";
import { SourceView } from "../ui/source-view.tsx";
import { DetailFrame } from "./detail-frame.tsx";
import { counted } from "./registry-entry.ts";

const BREAKER_WORDS: Record<ApiOutputs["services"]["get"]["breaker"], string> = {
  closed: "closed: calls go through",
  open: "open: calls are held back after repeated failures",
  half_open: "half open: one call is let through to see",
};

/** One service: where it points and whether calls go through. */
export function ServiceDetail({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.services.get.queryOptions({ id }, { refetchInterval: 5_000 }));
  const item = query.data;
  return (
    <DetailFrame
      kind="services"
      id={id}
      version={item === undefined ? null : `r${item.revision}`}
      isLoading={item === undefined}
      error={item === undefined ? query.error : null}
      onRetry={() => void query.refetch()}
    >
      {item === undefined ? null : (
        <>
          <div className="border-b p-4 lg:px-6">
            <PropertyList
              entries={[
                ["Kind", item.kind],
                [
                  "Points to",
                  <code key="target" className="mono break-all">
                    {item.target}
                  </code>,
                ],
                ["Used by", counted(item.binding_count, "binding")],
                ["Breaker", BREAKER_WORDS[item.breaker]],
              ]}
            />
          </div>
          <SourceView source={item.source} label={`the source of ${id}`} />
        </>
      )}
    </DetailFrame>
  );
}
