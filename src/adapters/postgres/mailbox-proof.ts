/**
 * Applies a proof of an account's mailbox: one statement verifies the address and removes every credential and session set before.
 * So a verified address means that every credential of the account was set after that proof, or confirmed with it.
 */
import { sql } from "drizzle-orm";
import type { PostgresClient } from "./neon-client.ts";

export interface MailboxProof {
  readonly userId: string;
  /**
   * The password that opens the account from now on: the present one, where the person knows it or has just set it; another, by
   * its hash; or none, where they came by Google or Apple.
   */
  readonly password: { readonly kept: true } | { readonly hash: string } | null;
  /** Only where the address was not proven before: a link that proved it once is used up. */
  readonly onlyUnproven: boolean;
}

/**
 * Ends every session, passkey, identity and pending link of the account, and every password but the one named; verifies the address.
 *
 * @returns the tokens of the sessions that ended; null where there is no such account, or its address is proven already
 */
export async function applyMailboxProof(
  client: PostgresClient,
  { userId, password, onlyUnproven }: MailboxProof,
): Promise<string[] | null> {
  const hash = password !== null && "hash" in password ? password.hash : null;
  const { rows } = await client.execute<{ proven: boolean; ended: string[] }>(sql`
    with proven as (
      update users set email_verified = true, updated_at = now()
      where id = ${userId} and (not email_verified or not ${onlyUnproven}::boolean)
      returning id
    ), ended as (
      delete from sessions using proven where sessions.user_id = proven.id returning sessions.token
    ), keyless as (
      delete from passkeys using proven where passkeys.user_id = proven.id
    ), unlinked as (
      delete from identities using proven where identities.user_id = proven.id
        and (identities.provider_id <> 'credential' or ${password === null}::boolean)
    ), unasked as (
      delete from verifications using proven where verifications.value = proven.id
    ), chosen as (
      insert into identities (id, user_id, account_id, provider_id, password)
      select ${crypto.randomUUID()}, proven.id, proven.id, 'credential', ${hash}::text from proven
      where ${hash}::text is not null
      on conflict (provider_id, account_id) do update set password = excluded.password, updated_at = now()
    )
    select exists (select from proven) as proven,
      coalesce((select jsonb_agg(token) from ended), '[]') as ended`);
  const [row] = rows;
  return row?.proven === true ? row.ended : null;
}

/** Ends the account's pending links, e.g. those that went to an address it no longer has. */
export async function endPendingLinks(client: PostgresClient, userId: string): Promise<void> {
  await client.execute(sql`delete from verifications where value = ${userId}`);
}

/** Whether a session is on record: a copy of it may outlive it. */
export async function isSessionOnRecord(client: PostgresClient, sessionId: string): Promise<boolean> {
  const { rows } = await client.execute(
    sql`select from sessions where id = ${sessionId} and expires_at > now()`,
  );
  return rows.length > 0;
}
