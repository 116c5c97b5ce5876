import { DomainError } from "../../core/errors.ts";
import type { Database } from "../database/client.ts";
import type { NoticeChannelRow } from "../database/notice-channel-repository.ts";
import type { NetworkGuard } from "../runtime/invokers/network-guard.ts";
import type { Seal } from "../seal.ts";
import { findChannelNetwork } from "./channel-network.ts";
import { sendNoticeMail, type MailServer } from "./send-notice-mail.ts";
import { sendWebhook } from "./send-webhook.ts";

/** A receiver or mail server that has not taken a notice by then has failed; they answer at once and work later. */
const ATTEMPT_TIMEOUT_MS = 10_000;

export type SenderParts = {
  database: Pick<Database, "pool" | "prisma">;
  guard: NetworkGuard;
  seal: Seal;
  /** Null where no mail server is configured. */
  mail: MailServer | null;
  now: () => number;
  /** Shorter in tests. */
  attemptTimeoutMs?: number;
};

/** What is sent to a channel once. `environment` says how far it may reach; null for all of them. */
export type Message = { id: string; body: string; environment: string | null };

/** Sends one message to one channel, once. */
export class NoticeSender {
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  get hasMailServer(): boolean {
    return this.#parts.mail !== null;
  }

  /** Ends within the timeout, or once `signal` aborts. Answers the receiver's status, 2xx or null for mail that was taken. Throws a `RefusedNoticeError` for another status. */
  async send(
    channel: NoticeChannelRow,
    message: Message,
    signal: AbortSignal,
  ): Promise<number | null> {
    if (channel.url === null || channel.secret === null) {
      await this.#sendMail(channel, message, signal);
      return null;
    }
    const {
      database,
      guard,
      seal,
      now,
      attemptTimeoutMs: timeoutMs = ATTEMPT_TIMEOUT_MS,
    } = this.#parts;
    const status = await sendWebhook(guard, {
      id: message.id,
      url: channel.url,
      secret: seal.open(channel.secret),
      body: message.body,
      at: now(),
      network: await findChannelNetwork(database, channel.tenant_id, message.environment),
      timeoutMs,
      signal,
    });
    if (status >= 200 && status < 300) return status;
    throw new RefusedNoticeError(status);
  }

  async #sendMail(
    { recipients }: NoticeChannelRow,
    { id, body }: Message,
    signal: AbortSignal,
  ): Promise<void> {
    const { mail, now, attemptTimeoutMs: timeoutMs = ATTEMPT_TIMEOUT_MS } = this.#parts;
    if (mail === null) throw noMailServer();
    try {
      await sendNoticeMail(mail, { id, recipients, body, at: new Date(now()), timeoutMs, signal });
    } catch (error) {
      throw new DomainError("upstream_failure", "The mail server did not take the message.", {
        cause: error,
      });
    }
  }
}

/** The receiver answered, but did not take the notice. */
export class RefusedNoticeError extends DomainError {
  readonly status: number;

  constructor(status: number) {
    super("upstream_failure", `The receiver answered ${status}.`);
    this.status = status;
  }
}

/** What is said where e-mail is asked for and nothing can send it. */
export function noMailServer(): DomainError {
  return new DomainError("invalid_configuration", "No mail server is configured.", {
    hint: "Start Orca with ORCA_SMTP_URL and ORCA_SMTP_FROM.",
  });
}
