"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import { PropertyList } from "../ui/property-list.tsx";
import { SourceView } from "../ui/source-view.tsx";
import { DetailFrame } from "./detail-frame.tsx";
import { RegistryLink } from "./registry-link.tsx";

/** One binding: which capability it implements, with what, and its mapping. */
export function BindingDetail({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.bindings.get.queryOptions({ id }));
  const item = query.data;
  return (
    <DetailFrame
      kind="bindings"
      id={id}
      version={item === undefined ? null : `r${item.revision}`}
      isLoading={item === undefined}
      error={query.error}
      onRetry={() => void query.refetch()}
    >
      {item === undefined ? null : (
        <>
          <div className="border-b p-4 lg:px-6">
            <PropertyList
              entries={[
                [
                  "Capability",
                  <RegistryLink key="capability" kind="capabilities" id={item.capability_id} />,
                ],
                ["Service", <RegistryLink key="service" kind="services" id={item.service_id} />],
                ["Protocol", item.protocol],
                [
                  "Operation",
                  <code key="operation" className="mono break-all">
                    {item.operation}
                  </code>,
                ],
                [
                  "Chosen",
                  item.is_default
                    ? "by default for its capability"
                    : "only when named or as a fallback",
                ],
                ["Status", item.status ?? null],
              ]}
            />
          </div>
          <SourceView source={item.source} label={`the source of ${id}`} />
        </>
      )}
    </DetailFrame>
  );
}
