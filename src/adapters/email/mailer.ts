/**
 * The one way out for e-mail. What an outsider can trigger is counted here, by mailbox and kind: whichever
 * page, call or message leads to it, a mailbox gets no more than three of a kind in a quarter of an hour.
 */
import type { NoticeKind } from "../../domain/order/notice.ts";
import type { StockNoticeKind } from "../../domain/stock-notice.ts";
import { MAIL_PERIOD_SECONDS, MAILS_PER_PERIOD } from "../../domain/mail-limit.ts";
import type { Counted } from "../redis/counters.ts";
import type { Redis } from "../redis/redis.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { AccountLetterKind } from "./account-letter.ts";
import { sendEmail, type EmailContent, type SendMessage } from "./message.ts";

export type MailKind = AccountLetterKind | NoticeKind | StockNoticeKind | "order_link";

/** `refused`: the mailer will never take this message, however often it is sent. */
export type MailOutcome = "sent" | "refused" | "over_limit";

/** Only a payment or staff leads to these, and each is to be told. */
const UNLIMITED: readonly MailKind[] = ["order_confirmed", "order_refunded"];
/** A buyer is told of it also while nothing can be counted; a card that was authorized leads to it. */
const SENT_UNCOUNTED: readonly MailKind[] = ["order_cancelled"];

export interface MailerOptions {
  readonly send: SendMessage;
  /** `Name <address>` */
  readonly from: string;
  readonly redis: Pick<Redis, "countWithin" | "takeBack">;
  /** What a mailbox is counted by: says nothing about the person. */
  readonly mailboxKey: (email: string) => string;
  readonly telemetry: Pick<Telemetry, "count" | "fault">;
}

export interface Mailer {
  /**
   * Sends one message to one recipient, unless the mailbox has had enough of its kind. Who asked for it must not be told which:
   * it would say that there is something to send.
   *
   * @throws RedisUnavailable where it cannot be counted, and what the binding throws when it does not take the message
   */
  send(kind: MailKind, to: string, content: EmailContent): Promise<MailOutcome>;
}

export function createMailer({ send, from, redis, mailboxKey, telemetry }: MailerOptions): Mailer {
  /** Where it was counted, so that it can be taken back. */
  async function count(kind: MailKind, to: string): Promise<readonly Counted[] | "over_limit"> {
    if (UNLIMITED.includes(kind)) return [];
    const counter = { key: `mails:${kind}:${mailboxKey(to)}`, limit: MAILS_PER_PERIOD };
    try {
      const verdict = await redis.countWithin([counter], MAIL_PERIOD_SECONDS);
      return verdict.ok ? verdict.counted : "over_limit";
    } catch (fault) {
      if (!SENT_UNCOUNTED.includes(kind)) throw fault;
      telemetry.fault("mail.uncounted", fault);
      return [];
    }
  }

  /** A message that was not taken did not arrive, so sending it again makes no second one. */
  async function takeBack(counted: readonly Counted[]): Promise<void> {
    try {
      for (const each of counted) await redis.takeBack(each);
    } catch (fault) {
      telemetry.fault("mail.not_taken_back", fault);
    }
  }

  return {
    async send(kind, to, content) {
      const counted = await count(kind, to);
      if (counted === "over_limit") {
        telemetry.count("notices", { outcome: "over_limit", where: kind });
        return "over_limit";
      }
      try {
        return await sendEmail(send, { from, to, content });
      } catch (fault) {
        await takeBack(counted);
        throw fault;
      }
    },
  };
}
