import { admitCall } from "../../core/breaker.ts";
import type { ClaimLimits, ReceiverRoom } from "../database/claim-deliveries.ts";
import type { NoticeDeliveryRow } from "../database/notice-delivery-repository.ts";
import { createBreakers } from "../runtime/invokers/breakers.ts";

/** Attempts under way at once in a process; most of them only wait for an answer. */
const MAX_UNDER_WAY = 64;
/** So that one tenant's receivers that hang do not keep the others' notices. */
export const MAX_OF_TENANT = 8;
/** So that one receiver that hangs does not keep the tenant's other notices. */
export const MAX_OF_RECEIVER = 4;

/**
 * The places that a process has for attempts, shared fairly. A receiver that failed a few times in a row rests as a
 * whole, as a service does (`core/breaker.ts`): one delivery at a time asks whether it is back.
 */
export class DeliveryPlaces {
  readonly #now: () => number;
  readonly #breakers: ReturnType<typeof createBreakers>;
  readonly #underWay = new Map<string, { tenantId: string; channelId: string; count: number }>();
  #taken = 0;

  /** `now` in milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
    this.#breakers = createBreakers(now);
  }

  /** What may be claimed now. */
  limits(): ClaimLimits {
    return {
      room: MAX_UNDER_WAY - this.#taken,
      maxOfTenant: MAX_OF_TENANT,
      maxOfReceiver: MAX_OF_RECEIVER,
      receivers: this.#receivers(),
    };
  }

  /** Receivers that failed until this process left them alone, and have taken nothing since. */
  resting(): { tenant_id: string; channel_id: string }[] {
    return this.#breakers
      .list()
      .filter(({ state }) => state.status === "open")
      .map(({ tenantId, serviceId }) => ({ tenant_id: tenantId, channel_id: serviceId }));
  }

  take({ tenant_id: tenantId, channel_id: channelId }: NoticeDeliveryRow): void {
    this.#breakers.admit(tenantId, channelId);
    this.#taken += 1;
    const known = this.#underWay.get(keyOf(tenantId, channelId));
    if (known === undefined)
      this.#underWay.set(keyOf(tenantId, channelId), { tenantId, channelId, count: 1 });
    else known.count += 1;
  }

  /** Frees the place of an attempt. What was no fault of the receiver has no verdict. */
  free(
    { tenant_id: tenantId, channel_id: channelId }: NoticeDeliveryRow,
    verdict: "succeeded" | "failed" | "ended_without_verdict",
  ): void {
    this.#breakers.report(tenantId, channelId, verdict);
    this.#taken -= 1;
    const known = this.#underWay.get(keyOf(tenantId, channelId));
    if (known === undefined) return;
    known.count -= 1;
    if (known.count === 0) this.#underWay.delete(keyOf(tenantId, channelId));
  }

  #receivers(): ReceiverRoom[] {
    const rooms = new Map<string, ReceiverRoom>();
    for (const { tenantId, channelId, count } of this.#underWay.values())
      rooms.set(keyOf(tenantId, channelId), {
        tenant_id: tenantId,
        channel_id: channelId,
        under_way: count,
        room: MAX_OF_RECEIVER - count,
      });
    for (const { tenantId, serviceId: channelId, state } of this.#breakers.list()) {
      if (state.status === "closed") continue;
      rooms.set(keyOf(tenantId, channelId), {
        tenant_id: tenantId,
        channel_id: channelId,
        under_way: this.#underWay.get(keyOf(tenantId, channelId))?.count ?? 0,
        room: admitCall(state, this.#now()).admitted ? 1 : 0,
      });
    }
    return [...rooms.values()];
  }
}

function keyOf(tenantId: string, channelId: string): string {
  return `${tenantId} ${channelId}`;
}
