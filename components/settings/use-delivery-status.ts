"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { DELIVERY_STATUSES, type DeliveryStatus } from "../../core/notice.ts";
import { pushUrl } from "../shell/push-url.ts";

/** Which deliveries are shown; stands in the URL as `deliveries`. Null for all of them. */
export function useDeliveryStatus(): {
  status: DeliveryStatus | null;
  setStatus: (status: DeliveryStatus | null) => void;
} {
  const path = usePathname();
  const asked = useSearchParams().get("deliveries");
  return {
    status: DELIVERY_STATUSES.find((status) => status === asked) ?? null,
    setStatus: (status) => {
      const next = new URLSearchParams(location.search);
      if (status === null) next.delete("deliveries");
      else next.set("deliveries", status);
      pushUrl(path, next, "replace");
    },
  };
}
