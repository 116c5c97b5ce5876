import { DomainError, toErrorRecord } from "../../core/errors.ts";
import {
  DELIVERY_SCHEDULE,
  nextDeliveryDelayMs,
  type DeliverySchedule,
} from "../../core/notice.ts";
import type { Database } from "../database/client.ts";
import {
  listNoticeChannelRows,
  type NoticeChannelRow,
} from "../database/notice-channel-repository.ts";
import {
  claimDueDeliveries,
  settleDelivery,
  type NoticeDeliveryRow,
} from "../database/notice-delivery-repository.ts";
import { findRunEnvironment } from "../database/policy-repository.ts";
import { BackgroundWork } from "../runtime/background-work.ts";
import type { NetworkGuard } from "../runtime/invokers/network-guard.ts";
import type { RuntimeLogger } from "../runtime/runtime-dependencies.ts";
import type { Seal } from "../seal.ts";
import { fanOutNotices } from "./fan-out-notices.ts";
import { sendNoticeMail, type MailServer } from "./send-notice-mail.ts";
import { sendWebhook } from "./send-webhook.ts";

/** How often is looked for notices and for deliveries that are due. */
const LOOK_INTERVAL_MS = 1_000;
/** A receiver that has not answered by then has failed; they answer at once and work later. */
const ATTEMPT_TIMEOUT_MS = 10_000;
/** Longer than an attempt can take: a delivery whose process died is tried by another one after it. */
const ATTEMPT_LEASE_MS = 30_000;
/** Attempts under way at once, so that receivers that hang do not keep the others waiting. */
const MAX_UNDER_WAY = 32;

export type CourierParts = {
  database: Pick<Database, "pool">;
  guard: NetworkGuard;
  seal: Seal;
  /** Null where no mail server is configured. */
  mail: MailServer | null;
  /** Where people reach the pages; null where that is not known. */
  publicUrl: string | null;
  logger: RuntimeLogger;
  now: () => number;
  random: () => number;
  /** Shorter in tests. */
  lookIntervalMs?: number;
  attemptTimeoutMs?: number;
  attemptLeaseMs?: number;
  schedule?: DeliverySchedule;
};

/**
 * Tells people outside what the outbox holds: makes deliveries of notices, and tries each until it is taken or given up.
 * At least once, from whichever process; a repetition has the same id and body. `stop` gives up what is under way.
 */
export class NoticeCourier {
  readonly #parts: CourierParts;
  readonly #work: BackgroundWork;
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#work = new BackgroundWork(parts.logger);
  }

  start(): void {
    this.#work.every(this.#parts.lookIntervalMs ?? LOOK_INTERVAL_MS, () => this.#look());
  }

  async stop(): Promise<void> {
    this.#work.stop();
    this.#stopping.abort(new Error("this process stops"));
    await Promise.all(this.#underWay);
  }

  async #look(): Promise<void> {
    const { database, publicUrl, attemptLeaseMs = ATTEMPT_LEASE_MS } = this.#parts;
    await fanOutNotices(database, publicUrl);
    const room = MAX_UNDER_WAY - this.#underWay.size;
    if (room <= 0 || this.#stopping.signal.aborted) return;
    for (const delivery of await claimDueDeliveries(database, room, attemptLeaseMs)) {
      const attempt = this.#work.run(this.#attempt(delivery));
      this.#underWay.add(attempt);
      void attempt.finally(() => this.#underWay.delete(attempt));
    }
  }

  async #attempt(delivery: NoticeDeliveryRow): Promise<void> {
    const { database, random, schedule = DELIVERY_SCHEDULE } = this.#parts;
    let lastStatus: number | null = null;
    try {
      lastStatus = await this.#send(delivery);
      if (lastStatus === null || (lastStatus >= 200 && lastStatus < 300)) {
        await settleDelivery(database, delivery, { kind: "delivered", lastStatus });
        return;
      }
      throw new DomainError("upstream_failure", `The receiver answered ${lastStatus}.`);
    } catch (error) {
      // What was under way when the process stopped is tried by the next one, once its lease is over.
      if (this.#stopping.signal.aborted) return;
      const isHopeless = error instanceof DomainError && error.code === "not_found";
      const retryAfterMs = isHopeless
        ? null
        : nextDeliveryDelayMs(schedule, delivery.attempts, random());
      const { message } = toErrorRecord(error);
      await settleDelivery(database, delivery, {
        kind: "failed",
        lastStatus,
        error: message,
        retryAfterMs,
      });
    }
  }

  /** The status that a receiver answered; null for mail that was taken. */
  async #send(delivery: NoticeDeliveryRow): Promise<number | null> {
    const {
      database,
      guard,
      seal,
      now,
      attemptTimeoutMs: timeoutMs = ATTEMPT_TIMEOUT_MS,
    } = this.#parts;
    const channel = await this.#channelOf(delivery);
    const { delivery_id: id, body, tenant_id: tenantId } = delivery;
    if (channel.url === null || channel.secret === null) {
      await this.#sendMail(channel, delivery, timeoutMs);
      return null;
    }
    const environment = await findRunEnvironment(database.pool, tenantId, delivery.environment);
    return sendWebhook(guard, {
      id,
      url: channel.url,
      secret: seal.open(channel.secret),
      body,
      at: now(),
      network: { allowPrivate: environment?.allowPrivateNetwork ?? false },
      timeoutMs,
      signal: this.#stopping.signal,
    });
  }

  async #sendMail(
    { recipients }: NoticeChannelRow,
    { delivery_id: id, body }: NoticeDeliveryRow,
    timeoutMs: number,
  ): Promise<void> {
    const { mail, now } = this.#parts;
    if (mail === null) {
      throw new DomainError("invalid_configuration", "No mail server is configured.", {
        hint: "Set ORCA_SMTP_URL and ORCA_SMTP_FROM.",
      });
    }
    try {
      await sendNoticeMail(mail, { id, recipients, body, at: new Date(now()), timeoutMs });
    } catch (error) {
      throw new DomainError("upstream_failure", "The mail server did not take the message.", {
        cause: error,
      });
    }
  }

  async #channelOf({ tenant_id: tenantId, channel_id: id }: NoticeDeliveryRow) {
    const channels = await listNoticeChannelRows(this.#parts.database, [tenantId]);
    const channel = channels.find(({ channel_id: known }) => known === id);
    if (channel?.is_enabled === true) return channel;
    const why = channel === undefined ? "was removed" : "is switched off";
    throw new DomainError("not_found", `The channel ${why}.`);
  }
}
