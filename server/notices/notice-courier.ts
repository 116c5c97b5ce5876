import { DomainError, toErrorRecord } from "../../core/errors.ts";
import {
  DELIVERY_SCHEDULE,
  nextDeliveryDelayMs,
  type DeliverySchedule,
} from "../../core/notice.ts";
import { claimDueDeliveries } from "../database/claim-deliveries.ts";
import type { Database } from "../database/client.ts";
import { findNoticeChannelRow } from "../database/notice-channel-repository.ts";
import { settleDelivery, type NoticeDeliveryRow } from "../database/notice-delivery-repository.ts";
import { BackgroundWork } from "../runtime/background-work.ts";
import type { RuntimeLogger } from "../runtime/runtime-dependencies.ts";
import { DeliveryPlaces } from "./delivery-places.ts";
import { fanOutNotices } from "./fan-out-notices.ts";
import { RefusedNoticeError, type NoticeSender } from "./notice-sender.ts";
import { pruneNotices, type NoticeRetention } from "./prune-notices.ts";

/** How often is looked for notices and for deliveries that are due. */
const LOOK_INTERVAL_MS = 1_000;
const PRUNE_INTERVAL_MS = 600_000;
/**
 * Longer than `ATTEMPT_TIMEOUT_MS`: a delivery whose process died is tried again after it. So is one whose process was held up
 * for so long, by its database say; the notice then comes twice, and the delivery still ends once.
 */
const ATTEMPT_LEASE_MS = 30_000;

export type CourierParts = {
  database: Pick<Database, "pool">;
  sender: NoticeSender;
  retention: NoticeRetention;
  /** Where people reach the pages; null where that is not known. */
  publicUrl: string | null;
  logger: RuntimeLogger;
  now: () => number;
  random: () => number;
  /** Shorter in tests. */
  lookIntervalMs?: number;
  pruneIntervalMs?: number;
  attemptLeaseMs?: number;
  schedule?: DeliverySchedule;
};

/**
 * Tells people outside what the outbox holds: makes deliveries of notices, and tries each until it is taken or given up.
 * At least once, from whichever process; a repetition has the same id and body. `stop` gives up what is under way, requests and mail alike.
 */
export class NoticeCourier {
  readonly #parts: CourierParts;
  readonly #work: BackgroundWork;
  readonly #places: DeliveryPlaces;
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #claiming: "no" | "now" | "again" = "no";

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#work = new BackgroundWork(parts.logger);
    this.#places = new DeliveryPlaces(parts.now);
  }

  start(): void {
    const { database, publicUrl, retention } = this.#parts;
    const lookMs = this.#parts.lookIntervalMs ?? LOOK_INTERVAL_MS;
    this.#work.every(lookMs, () => fanOutNotices(database, publicUrl));
    this.#work.every(lookMs, () => this.#claim());
    this.#work.every(this.#parts.pruneIntervalMs ?? PRUNE_INTERVAL_MS, () =>
      pruneNotices(database, retention, this.#places.resting(), this.#stopping.signal),
    );
  }

  async stop(): Promise<void> {
    this.#work.stop();
    this.#stopping.abort(new Error("this process stops"));
    await Promise.all(this.#underWay);
  }

  /** Takes what there are places for; asked while it does, it looks once more. */
  async #claim(): Promise<void> {
    if (this.#claiming !== "no") {
      this.#claiming = "again";
      return;
    }
    try {
      do {
        this.#claiming = "now";
        await this.#claimOnce();
      } while (this.#isAskedAgain());
    } finally {
      this.#claiming = "no";
    }
  }

  #isAskedAgain(): boolean {
    return this.#claiming === "again";
  }

  async #claimOnce(): Promise<void> {
    const { database, attemptLeaseMs = ATTEMPT_LEASE_MS } = this.#parts;
    const limits = this.#places.limits();
    if (limits.room <= 0 || this.#stopping.signal.aborted) return;
    for (const delivery of await claimDueDeliveries(database, limits, attemptLeaseMs)) {
      this.#places.take(delivery);
      const attempt = this.#work.run(this.#attempt(delivery));
      this.#underWay.add(attempt);
      void attempt.finally(() => {
        this.#underWay.delete(attempt);
        // Its place may be wanted.
        void this.#work.run(this.#claim());
      });
    }
  }

  async #attempt(delivery: NoticeDeliveryRow): Promise<void> {
    const { database, random, schedule = DELIVERY_SCHEDULE } = this.#parts;
    let verdict: Parameters<DeliveryPlaces["free"]>[1] = "ended_without_verdict";
    try {
      const lastStatus = await this.#send(delivery);
      verdict = "succeeded";
      await settleDelivery(database, delivery, { kind: "delivered", lastStatus });
    } catch (error) {
      // What was under way when the process stopped is tried by the next one, once its lease is over.
      if (verdict === "succeeded" || this.#stopping.signal.aborted) throw error;
      const isHopeless = error instanceof DomainError && error.code === "not_found";
      if (error instanceof DomainError && !isHopeless) verdict = "failed";
      await settleDelivery(database, delivery, {
        kind: "failed",
        lastStatus: error instanceof RefusedNoticeError ? error.status : null,
        error: toErrorRecord(error).message,
        retryAfterMs: isHopeless
          ? null
          : nextDeliveryDelayMs(schedule, delivery.attempts, random()),
      });
    } finally {
      this.#places.free(delivery, verdict);
    }
  }

  /** The status that a receiver answered; null for mail that was taken. */
  async #send(delivery: NoticeDeliveryRow): Promise<number | null> {
    const { tenant_id: tenantId, delivery_id: id, channel_id: channelId } = delivery;
    const channel = await findNoticeChannelRow(this.#parts.database, tenantId, channelId);
    if (channel?.is_enabled !== true) {
      const why = channel === null ? "was removed" : "is switched off";
      throw new DomainError("not_found", `The channel ${why}.`);
    }
    const { body, environment } = delivery;
    return this.#parts.sender.send(channel, { id, body, environment }, this.#stopping.signal);
  }
}
