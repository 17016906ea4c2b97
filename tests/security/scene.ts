/** Sets the matrix's scene on a running store: who is there, what is theirs, and what only ops may touch. */
import { randomUUID } from "node:crypto";
import { ProductList } from "../../src/contracts/catalog.ts";
import type { Store } from "../harness/store.ts";
import type { Scene } from "./ask.ts";
import { opsTokensOf } from "./callers.ts";
import { expiredCookiesOf, newGuest, newPerson, settled, signInAgain, withSpares } from "./people.ts";
import { forgetAttempts, forgetKey } from "./redis-side.ts";

/** Enough for every caller of every route that places an order. */
const UNITS = 1000;

export async function setScene(store: Store): Promise<Scene> {
  await forgetAttempts(store);
  const sku = await store.stock.skuWith(UNITS, { unlimited: true });
  const [owner, other, guest, slug, ops] = await Promise.all([
    newPerson(store, sku),
    newPerson(store, sku),
    newGuest(store, sku),
    slugOf(store, sku),
    opsThings(store),
  ]);
  const [expiredCookies, opsTokens] = await Promise.all([
    expiredCookiesOf(store, owner, (key) => forgetKey(store, key)),
    opsTokensOf(store),
    settled(store, owner),
    settled(store, other),
  ]);
  const cast = { owner, other, guest, expiredCookies, opsTokens };
  return { store, cast, ops, sku, slug };
}

/** The same with people who have just come. */
export async function withNewPeople(scene: Scene): Promise<Scene> {
  const { store, sku, cast } = scene;
  const [owner, other] = await Promise.all([newPerson(store, sku), newPerson(store, sku)]);
  return { ...scene, cast: { ...cast, owner, other } };
}

/** The same people, signed in again. */
export async function withNewSessions(scene: Scene): Promise<Scene> {
  const { store, cast } = scene;
  await forgetAttempts(store);
  const [owner, other] = await Promise.all([signInAgain(store, cast.owner), signInAgain(store, cast.other)]);
  return { ...scene, cast: { ...cast, owner, other } };
}

/** The same with an owner who can lose what the request names. */
export async function withSpareThings(scene: Scene): Promise<Scene> {
  const { store, sku, cast } = scene;
  return { ...scene, cast: { ...cast, owner: await withSpares(store, cast.owner, sku) } };
}

async function slugOf(store: Store, sku: string): Promise<string> {
  const answer = await store.request("GET", "/api/products?limit=100");
  const product = ProductList.parse(answer.body).items.find(({ skus }) =>
    skus.some((one) => one.sku === sku),
  );
  if (product === undefined) throw new Error(`no product has ${sku}`);
  return product.slug;
}

async function opsThings(store: Store): Promise<Scene["ops"]> {
  const sku = await store.stock.skuWith(5);
  const [letter] = await store.rows<{ id: string }>(
    `insert into dead_letters (queue, message_id, body, attempts) values ('notifications', $1, '{}', 3) returning id`,
    [randomUUID()],
  );
  if (letter === undefined) throw new Error("the dead letter was not written");
  return { sku, deadLetterId: letter.id };
}
