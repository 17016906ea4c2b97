/** Dead letters: look at what was given up, send it again once the reason is gone, or close it with a reason. */
import type { OpsPrincipal } from "../../../adapters/access/access.ts";
import {
  countDeadLetters,
  discardDeadLetter,
  listDeadLetters,
  markDeadLettersReplayed,
  oldestDeadLetters,
  readDeadLetter,
  type DeadLetter as StoredLetter,
} from "../../../adapters/postgres/dead-letters.ts";
import {
  DiscardBody,
  ReplayBody,
  type DeadLetter,
  type DeadLetterList,
  type Replayed,
} from "../../../contracts/ops-dead-letters.ts";
import { forEachBounded } from "../../../queues/bounded-concurrency.ts";
import { QUEUES, type QueueName } from "../../../queues/dispatch.ts";
import type { AppContext } from "../../app-env.ts";
import { audited } from "../../audited.ts";
import { servicesOf } from "../../compose.ts";
import { actorOf, forReaders, forWriters } from "../../middleware/ops-access.ts";
import { problem } from "../../middleware/problem.ts";
import { readJson, refuseBody } from "../../middleware/request-body.ts";
import { UNKNOWN_CURSOR, pageOf } from "../page-of.ts";
import { pathParameter, register, type App } from "../register.ts";

/** Messages on their way to queues at once. */
const SEND_CONCURRENCY = 6;

export function registerDeadLetters(app: App): void {
  register(app, "listDeadLetters", forReaders(list));
  register(app, "replayDeadLetter", forWriters(replay));
  register(app, "replayDeadLetters", forWriters(replayAll));
  register(app, "discardDeadLetter", forWriters(discard));
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
    await markDeadLettersReplayed(database, [letter], actorOf(principal), replayedAt);
    return { replayedAt };
  });
  if (!change.ok) return problem(c, "temporarily_unavailable", { detail: change.detail });
  const replayedAt = new Date(change.outcome.replayedAt);
  return c.json(letterView({ ...letter, replayedAt, discardedAt: null, discardReason: null }));
}

/** One call sends a hundred; the caller repeats it with the `storedBefore` that it answers until none is left. */
async function replayAll(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, ReplayBody);
  if (!body.ok) return refuseBody(c, body);
  const { queue } = body.value;
  const queues = QUEUES.filter((name) => queue === undefined || name === queue);
  if (queues.length === 0) {
    const errors = [{ path: "queue", message: `must be one of ${QUEUES.join(", ")}` }];
    return problem(c, "validation_failed", { errors });
  }
  // Not before 1970: the year 0000 is a moment to this language and none to Postgres.
  const storedBefore =
    body.value.storedBefore === undefined ? Date.now() : Math.max(0, Date.parse(body.value.storedBefore));
  const command = {
    action: "dead_letter.replay_all",
    subject: queue ?? "every queue",
    reason: null,
    details: { storedBefore: new Date(storedBefore).toISOString() },
  };
  const open = { queues, storedBefore };
  const change = await audited(c, principal, command, () => sendAll(c, actorOf(principal), open));
  if (!change.ok) return problem(c, "temporarily_unavailable", { detail: change.detail });
  const { ids, failed } = change.outcome;
  return c.json({
    replayed: ids.length,
    failed,
    left: await countDeadLetters(servicesOf(c.env).database, open),
    storedBefore: command.details.storedBefore,
  } satisfies Replayed);
}

/** @returns the ids of the letters that were sent, for the audit log, and how many could not be */
async function sendAll(
  c: AppContext,
  actor: string,
  open: Parameters<typeof oldestDeadLetters>[1],
): Promise<{ ids: string[]; failed: number }> {
  const { database, telemetry } = servicesOf(c.env);
  const letters = await oldestDeadLetters(database, open);
  const sent: StoredLetter[] = [];
  await forEachBounded(letters, SEND_CONCURRENCY, async (letter) => {
    try {
      await queueOf(c.env, letter.queue)?.send(letter.body);
      sent.push(letter);
    } catch (fault) {
      telemetry.fault("dead_letter.not_replayed", fault, {
        queue: letter.queue,
        messageId: letter.messageId,
      });
    }
  });
  await markDeadLettersReplayed(database, sent, actor, Date.now());
  return { ids: sent.map(({ id }) => id), failed: letters.length - sent.length };
}

async function discard(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, DiscardBody);
  if (!body.ok) return refuseBody(c, body);
  const { database } = servicesOf(c.env);
  const { reason } = body.value;
  const letter = await readDeadLetter(database, pathParameter(c, "id"));
  if (letter === null) return problem(c, "not_found");
  const { id, queue, messageId } = letter;
  const command = { action: "dead_letter.discard", subject: id, reason, details: { queue, messageId } };
  const change = await audited(c, principal, command, async () => {
    const discarded = { by: actorOf(principal), reason, at: Date.now() };
    const after = await discardDeadLetter(database, id, discarded);
    return after === null ? { letter: null } : { letter: letterView(after) };
  });
  if (!change.ok) return problem(c, "temporarily_unavailable", { detail: change.detail });
  return change.outcome.letter === null ? problem(c, "not_found") : c.json(change.outcome.letter);
}

/** The queue a letter came from, or null for one that this deployment does not have. */
function queueOf(env: Env, name: string): Queue | null {
  const queues: Readonly<Record<QueueName, Queue>> = {
    orders: env.ORDERS_QUEUE,
    payments: env.PAYMENTS_QUEUE,
    "stock-ledger": env.LEDGER_QUEUE,
    notifications: env.NOTIFICATIONS_QUEUE,
    "sku-upkeep": env.SKU_UPKEEP_QUEUE,
    reconciliation: env.RECONCILIATION_QUEUE,
  };
  return Object.hasOwn(queues, name) ? queues[name as QueueName] : null;
}

function letterView(letter: StoredLetter): DeadLetter {
  const { id, queue, body, error, attempts, storedAt, replayedAt, discardedAt, discardReason } = letter;
  return {
    id,
    queue,
    body: withoutContacts(body),
    error,
    attempts,
    storedAt: storedAt.toISOString(),
    replayedAt: replayedAt?.toISOString() ?? null,
    discardedAt: discardedAt?.toISOString() ?? null,
    discardReason,
  };
}

/** Without the shopper's data: an order's contact travels with its message, wherever in it, and is nothing for a list. */
function withoutContacts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutContacts);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "contact" && inner !== null ? "(personal data)" : withoutContacts(inner),
    ]),
  );
}
