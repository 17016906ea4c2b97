/** What no client may say of itself or of an order, and how it is put into a request beside what that takes. */
import type { Asked } from "./requests.ts";

/** Prices, totals, status, whose it is, and what one is allowed. @param userId somebody else's */
export function claimsOf(userId: string): Readonly<Record<string, unknown>> {
  return {
    price: 1,
    unitPrice: { amount: 1, currency: "USD" },
    unitAmountMinor: 1,
    subtotal: 1,
    total: 1,
    totals: { subtotal: 1, shipping: 0, tax: 0, total: 1, currency: "USD" },
    discount: 100,
    status: "paid",
    version: 99,
    holdExpiresAt: "2099-01-01T00:00:00.000Z",
    paidAt: "2026-01-01T00:00:00.000Z",
    userId,
    accountId: userId,
    buyer: userId,
    role: "admin",
    isAdmin: true,
    emailVerified: true,
    purchaseLimit: 1000,
  };
}

type Claims = ReturnType<typeof claimsOf>;
type Change = (asked: Asked) => Asked;

interface Place {
  readonly where: string;
  readonly claim: Change;
}

/** A body once for each object in it, outermost first, with the claims beside that object's own fields. */
export function placesIn(body: Readonly<Record<string, unknown>>, claims: Claims): readonly Place[] {
  return objectsIn(body).map((path) => ({
    where: ["the body", ...path].join("."),
    claim: (asked) => ({ ...asked, body: withClaims(asked.body ?? {}, path, claims) }),
  }));
}

/** Beside the fields of a form; or, where nothing is taken, as a body and in the address. */
export function claimedLoosely(claims: Claims): Change {
  const texts = Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return (asked) =>
    asked.form === undefined
      ? { ...asked, query: { ...texts, ...asked.query }, body: asked.body ?? claims }
      : { ...asked, form: { ...texts, ...asked.form } };
}

function objectsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : objectsIn(value[0], [...path, "0"]);
  if (typeof value !== "object" || value === null) return [];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => objectsIn(inner, [...path, name]))];
}

function withClaims<T>(value: T, path: readonly string[], claims: Claims): T {
  const [name, ...rest] = path;
  if (name === undefined) return { ...claims, ...value };
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item, index) => (String(index) === name ? withClaims(item, rest, claims) : item)) as T;
  }
  const record = value as Record<string, unknown>;
  return { ...record, [name]: withClaims(record[name], rest, claims) } as T;
}
