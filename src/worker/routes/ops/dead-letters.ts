/** Dead letters: look at what was given up, and send it again once the reason is gone. */
import type { OpsPrincipal } from "../../../adapters/access/access.ts";
import {
  listDeadLetters,
  markDeadLetterReplayed,
  readDeadLetter,
  type DeadLetter as StoredLetter,
} from "../../../adapters/postgres/dead-letters.ts";
import type { QueueName } from "../../../queues/dispatch.ts";
import type { AppContext } from "../../app-env.ts";
import { audited } from "../../audited.ts";
import { servicesOf } from "../../compose.ts";
import { actorOf, forReaders, forWriters } from "../../middleware/ops-access.ts";
import { problem } from "../../middleware/problem.ts";
import type { DeadLetter, DeadLetterList } from "../../openapi/schemas.ts";
import { UNKNOWN_CURSOR, pageOf } from "../page-of.ts";
import { pathParameter, register, type App } from "../register.ts";

export function registerDeadLetters(app: App): void {
  register(app, "listDeadLetters", forReaders(list));
  register(app, "replayDeadLetter", forWriters(replay));
}

async function list(c: AppContext): Promise<Response> {
  const page = pageOf(c);
  if (!page.ok) return problem(c, "validation_failed", { errors: page.errors });
  const found = await listDeadLetters(servicesOf(c.env).database, { limit: page.limit, cursor: page.cursor });
  if (!found.ok) return problem(c, "validation_failed", { errors: UNKNOWN_CURSOR });
  return c.json({
    items: found.items.map(letterView),
    nextCursor: found.nextCursor,
  } satisfies DeadLetterList);
}

/** Sends first and notes it after: consumers are idempotent, so a letter sent twice does less harm than one not sent. */
async function replay(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const { database } = servicesOf(c.env);
  const letter = await readDeadLetter(database, pathParameter(c, "id"));
  const queue = letter === null ? null : queueOf(c.env, letter.queue);
  if (letter === null || queue === null) return problem(c, "not_found");
  const { id } = letter;
  const command = {
    action: "dead_letter.replay",
    subject: id,
    reason: null,
    details: { queue: letter.queue },
  };
  const change = await audited(c, principal, command, async () => {
    await queue.send(letter.body);
    const replayedAt = Date.now();
    await markDeadLetterReplayed(database, letter, actorOf(principal), replayedAt);
    return { replayedAt };
  });
  if (!change.ok) return problem(c, "temporarily_unavailable", { detail: change.detail });
  return c.json(letterView({ ...letter, replayedAt: new Date(change.outcome.replayedAt) }));
}

/** The queue a letter came from, or null for one that this deployment does not have. */
function queueOf(env: Env, name: string): Queue | null {
  const queues: Readonly<Record<QueueName, Queue>> = {
    orders: env.ORDERS_QUEUE,
    payments: env.PAYMENTS_QUEUE,
    "stock-ledger": env.LEDGER_QUEUE,
    notifications: env.NOTIFICATIONS_QUEUE,
    "sku-upkeep": env.SKU_UPKEEP_QUEUE,
  };
  return Object.hasOwn(queues, name) ? queues[name as QueueName] : null;
}

/** Without the shopper's data: an order's contact travels with its message, and is nothing for a list. */
function letterView({ id, queue, body, error, attempts, storedAt, replayedAt }: StoredLetter): DeadLetter {
  return {
    id,
    queue,
    body: withoutContact(body),
    error,
    attempts,
    storedAt: storedAt.toISOString(),
    replayedAt: replayedAt?.toISOString() ?? null,
  };
}

function withoutContact(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("contact" in body)) return body;
  return { ...body, contact: body.contact === null ? null : "(personal data)" };
}
