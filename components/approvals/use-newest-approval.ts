"use client";

import { useRouter } from "next/navigation";
import { useTRPCClient } from "../api/trpc.ts";

/** Goes to the newest question that the viewer may decide, from wherever they are; to the empty inbox where there is none. */
export function useNewestApproval(): () => Promise<void> {
  const client = useTRPCClient();
  const router = useRouter();
  return async () => {
    const wish = { status: ["pending" as const], eligible: true, limit: 1 };
    // Where the server does not answer, the page says so.
    const { items } = await client.approvals.list.query(wish).catch(() => ({ items: [] }));
    const [newest] = items;
    router.push(newest === undefined ? "/approvals" : `/approvals?id=${newest.approval_id}`);
  };
}
