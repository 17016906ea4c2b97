/** A mailbox that belongs to a stranger cannot be flooded: three e-mails of a kind in a quarter of an hour, whatever leads to them. */
import { expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { MAILS_PER_PERIOD } from "../../src/domain/mail-limit.ts";
import { orderNumber } from "../../src/domain/order/number.ts";
import { BrowserJar } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, newEmail, type Answer } from "../harness/store.ts";
import { forgetAttempts } from "../security/redis-side.ts";

const store = sharedStore();
const PASSWORD = "a long and private one";

/** Each request from another network, as a flooder would send them. */
const post = (path: string, body: object): Promise<Answer> => new BrowserJar(store).post(path, body);
const signUp = (email: string) => post("/api/auth/sign-up/email", { name: "Ada", email, password: PASSWORD });
const signIn = (email: string) => post("/api/auth/sign-in/email", { email, password: PASSWORD });
const sendVerification = (email: string) => post("/api/auth/send-verification-email", { email });
const requestReset = (email: string) => post("/api/auth/request-password-reset", { email });
const lookUp = (email: string, number: string) => post("/api/orders/lookup", { number, email });

/** How many e-mails an address got by now, by subject. */
async function mailsTo(email: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const subject of await store.mailTo(email)) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return counts;
}

/** Once there is an e-mail of so many kinds: what was asked for before is sent by then. */
const mailsOfKinds = (email: string, kinds: number): Promise<Map<string, number>> =>
  waitFor(
    async () => {
      const mails = await mailsTo(email);
      return mails.size >= kinds && mails;
    },
    { what: `e-mails of ${String(kinds)} kinds`, timeoutMs: EVENTUALLY_MS },
  );

it("sign-ins to an unverified account, and asking again, send no more than three links to verify it", async () => {
  const email = newEmail();
  expect((await signUp(email)).status).toBe(200);
  for (let time = 0; time < 9; time += 1) expect((await signIn(email)).status).toBe(403);
  for (let time = 0; time < 3; time += 1) expect((await sendVerification(email)).status).toBe(200);
  // However many of the one kind were asked for, the other is there for its owner.
  expect((await requestReset(email)).status).toBe(200);
  const mails = [...(await mailsOfKinds(email, 2)).values()];
  expect(Math.max(...mails)).toBe(MAILS_PER_PERIOD);
});

it("neither a plus in the address nor the end of an attempt's count sends more of a kind", async () => {
  const email = newEmail();
  const [local = "", domain = ""] = email.split("@");
  await signUp(email);
  for (let round = 0; round < 3; round += 1) {
    for (let time = 0; time < 3; time += 1) expect((await requestReset(email)).status).toBe(200);
    // The limits on asking may end sooner than the one on sending.
    await forgetAttempts(store);
  }
  const tagged = Array.from({ length: 4 }, (_, index) => `${local}+${String(index)}@${domain}`);
  for (const address of tagged) expect((await signUp(address)).status).toBe(200);
  await waitFor(async () => (await mailsTo(email)).size >= 2, {
    what: "both kinds",
    timeoutMs: EVENTUALLY_MS,
  });
  expect(Math.max(...(await mailsTo(email)).values())).toBe(MAILS_PER_PERIOD);
  // One link to verify went to the address without a plus.
  const toTagged = (await Promise.all(tagged.map((address) => store.mailTo(address)))).flat();
  expect(toTagged.length).toBeLessThan(MAILS_PER_PERIOD);
});

it("an order looked up again and again sends its address three links", async () => {
  const sku = await store.stock.skuWith(1);
  const email = newEmail();
  const { orderId } = await store.placed({ lines: [{ sku, quantity: 1 }], email });
  await store.rowsWhere(
    "the order to be in Postgres",
    ["select 1 from orders join order_contacts using (order_id) where order_id = $1", [orderId]],
    (rows) => rows.length === 1,
  );
  for (let round = 0; round < 2; round += 1) {
    for (let time = 0; time < 5; time += 1)
      expect((await lookUp(email, orderNumber(orderId))).status).toBe(202);
    await forgetAttempts(store);
  }
  await signUp(email);
  await mailsOfKinds(email, 2);
  await waitFor(async () => Math.max(...(await mailsTo(email)).values()) >= MAILS_PER_PERIOD, {
    what: "three links",
    timeoutMs: EVENTUALLY_MS,
  });
  expect(Math.max(...(await mailsTo(email)).values())).toBe(MAILS_PER_PERIOD);
});

it("says the same of an address with an account, whose limit is reached, and of one without", async () => {
  const known = newEmail();
  await signUp(known);
  for (let time = 0; time < 4; time += 1) await signIn(known);
  const told = async (email: string) => {
    const answers: Answer[] = [];
    for (let time = 0; time < 4; time += 1)
      answers.push(await sendVerification(email), await requestReset(email), await signUp(email));
    return answers.map(({ status, body }) => ({ status, fields: Object.keys(body as object).sort() }));
  };
  const ofKnown = await told(known);
  await forgetAttempts(store);
  // As many sign-ups have been counted for the other, so that only the e-mails differ.
  const unknown = newEmail();
  const ofUnknown = await told(unknown);
  expect(ofKnown.filter((_, index) => index % 3 !== 2)).toEqual(
    ofUnknown.filter((_, index) => index % 3 !== 2),
  );
});
