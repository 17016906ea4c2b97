/**
 * Tables of accounts: people, how they prove who they are, and where they are signed in. The authentication library
 * (src/adapters/accounts) writes them under its own names for them, which stand beside each table.
 */
import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** `user`: a person with an account. */
export const users = pgTable(
  "users",
  {
    id: text().primaryKey(),
    name: text().notNull(),
    /** Lower case; verified before anything is done in its name. */
    email: text().notNull(),
    emailVerified: boolean().notNull().default(false),
    image: text(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("users_email").on(table.email),
    check("users_email_lower", sql`${table.email} = lower(${table.email})`),
    check("users_lengths", sql`length(${table.email}) <= 254 and length(${table.name}) <= 200`),
  ],
);

/** `session`: where somebody is signed in. Redis holds a copy, the cookie a signed one good for 15 minutes. */
export const sessions = pgTable(
  "sessions",
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    token: text().notNull(),
    expiresAt: moment().notNull(),
    ipAddress: text(),
    userAgent: text(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("sessions_token").on(table.token),
    index("sessions_by_user").on(table.userId),
    index("sessions_by_end").on(table.expiresAt),
  ],
);

/** `account`: a password, or an identity at Google or Apple. */
export const identities = pgTable(
  "identities",
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accountId: text().notNull(),
    providerId: text().notNull(),
    /** Tokens of the provider, encrypted. */
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: moment(),
    refreshTokenExpiresAt: moment(),
    scope: text(),
    /** scrypt, see src/adapters/accounts/password.ts. */
    password: text(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("identities_once").on(table.providerId, table.accountId),
    index("identities_by_user").on(table.userId),
  ],
);

/** `verification`: what a link in an e-mail, or a passkey's challenge, must match; short-lived. */
export const verifications = pgTable(
  "verifications",
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: moment().notNull(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index("verifications_by_identifier").on(table.identifier),
    index("verifications_by_end").on(table.expiresAt),
  ],
);

/** `passkey`: a WebAuthn credential. */
export const passkeys = pgTable(
  "passkeys",
  {
    id: text().primaryKey(),
    name: text(),
    publicKey: text().notNull(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    credentialID: text("credential_id").notNull(),
    counter: integer().notNull(),
    deviceType: text().notNull(),
    backedUp: boolean().notNull(),
    transports: text(),
    aaguid: text(),
    createdAt: moment().defaultNow(),
  },
  (table) => [
    uniqueIndex("passkeys_credential").on(table.credentialID),
    index("passkeys_by_user").on(table.userId),
  ],
);
