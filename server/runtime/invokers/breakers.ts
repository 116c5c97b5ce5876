import {
  admitCall,
  type Admission,
  type BreakerEvent,
  type BreakerState,
  CLOSED_BREAKER,
  evolveBreaker,
} from "../../../core/breaker.ts";

export type BreakerChange = {
  tenantId: string;
  serviceId: string;
  from: BreakerState["status"];
  to: BreakerState["status"];
};

/** The breakers of a process, one per tenant and service. */
export type Breakers = {
  /** Asks for a call. Where it is admitted, exactly one `report` must follow. */
  admit(tenantId: string, serviceId: string): Admission;
  report(tenantId: string, serviceId: string, verdict: Exclude<BreakerEvent, "admitted">): void;
  /** Every breaker that has anything to tell, for metrics and screens. */
  list(): { tenantId: string; serviceId: string; state: BreakerState }[];
};

type Entry = { tenantId: string; serviceId: string; state: BreakerState };

const ADMITTED: Admission = { admitted: true };

/** Keeps breakers in memory: they tell of the health seen from this process. `now` is epoch milliseconds; `onChange` hears every change of status. */
export function createBreakers(
  now: () => number,
  onChange: (change: BreakerChange) => void = () => {},
): Breakers {
  // Healthy services have no entry, so that the usual call costs one look at an empty map.
  const troubled = new Map<string, Entry>();

  function evolve(tenantId: string, serviceId: string, event: BreakerEvent): void {
    const key = keyOf(tenantId, serviceId);
    const before = troubled.get(key)?.state ?? CLOSED_BREAKER;
    const after = evolveBreaker(before, event, now());
    if (after === before) return;
    if (after === CLOSED_BREAKER) troubled.delete(key);
    else troubled.set(key, { tenantId, serviceId, state: after });
    if (after.status !== before.status)
      onChange({ tenantId, serviceId, from: before.status, to: after.status });
  }

  return {
    admit(tenantId, serviceId) {
      if (troubled.size === 0) return ADMITTED;
      const state = troubled.get(keyOf(tenantId, serviceId))?.state;
      if (state === undefined) return ADMITTED;
      const admission = admitCall(state, now());
      if (admission.admitted) evolve(tenantId, serviceId, "admitted");
      return admission;
    },
    report(tenantId, serviceId, verdict) {
      if (verdict === "failed" || troubled.size > 0) evolve(tenantId, serviceId, verdict);
    },
    list: () => [...troubled.values()],
  };
}

function keyOf(tenantId: string, serviceId: string): string {
  return `${tenantId} ${serviceId}`;
}
