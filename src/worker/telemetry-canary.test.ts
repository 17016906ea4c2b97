/** Canaries and the metrics: nothing that somebody gives the store becomes part of a point. (Logs and everything else: tests/journeys/canary.test.ts.) */
import { beforeAll, expect, test } from "vitest";
import { servicesOf } from "./compose.ts";
import { keepTestCatalog, PHONE, send, sendForm, sendJson, testEnv } from "./store-under-test.ts";

const MARK = `canary${crypto.randomUUID().replaceAll("-", "")}`;
const points: unknown[] = [];
/** The first composition is the isolate's: this file's remembers its metrics. */
servicesOf({ ...testEnv, METRICS: { writeDataPoint: (point) => points.push(point) } });

beforeAll(keepTestCatalog);

test("no point says anything that a shopper gave, whatever became of it", async () => {
  const order = {
    lines: [{ sku: PHONE, quantity: 1 }],
    email: `${MARK}@example.com`,
    shippingAddress: {
      name: MARK,
      line1: MARK,
      city: MARK,
      region: "IL",
      postalCode: "62701",
      country: "US",
    },
    shippingMethod: "standard",
  };
  const place = (body: unknown) => sendJson("POST", "/api/orders", body, { "idempotency-key": MARK });
  const placed = await place(order);
  expect(placed.status).toBe(201);
  const { token } = await placed.json<{ token: string }>();
  await place(order);
  await place({ ...order, lines: [{ sku: PHONE, quantity: 9 }] });
  await place({ ...order, shippingMethod: MARK });
  await sendForm(`/products/phone/notices`, { sku: PHONE, email: `${MARK}@example.com` });
  await send(`/search?q=${MARK}`);
  const visit = { page: "order", url: `/orders/${MARK}`, lcpMs: 1 };
  await sendJson("POST", "/api/vitals", visit);
  const body = { documentURL: `https://store.example/${MARK}`, effectiveDirective: MARK, blockedURL: MARK };
  await sendJson("POST", "/api/csp-reports", [{ type: "csp-violation", body }]);
  await sendJson("POST", "/api/webhooks/stripe", { id: MARK }, { "stripe-signature": `t=1,v1=${MARK}` });

  const written = JSON.stringify(points);
  for (const metric of ["placements", "csp_violations", "webhooks_refused"])
    expect(written).toContain(metric);
  expect(written).not.toContain(MARK);
  expect(written).not.toContain(token);
});
