/** What staff say of an order's parcels: that one has left, that one has arrived. */
import type { OpsPrincipal } from "../../adapters/access/access.ts";
import {
  DeliveryBody,
  ShipmentBody,
  type DeliveryAnswer,
  type OpsParcel,
  type ShipmentAnswer,
} from "../../contracts/ops-orders.ts";
import type { ParcelOutcome, ParcelRefusal } from "../../domain/order/parcels.ts";
import type { RecordedParcel } from "../../domain/order/record.ts";
import type { AppContext } from "../app-env.ts";
import { forWriters } from "../middleware/ops-access.ts";
import { problem } from "../middleware/problem.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { parcelView } from "../order-view.ts";
import { register, type App } from "../routes/register.ts";
import { commandOnOrder, unknownSku } from "./order-command.ts";

export function registerOpsParcels(app: App): void {
  register(app, "shipOrder", forWriters(ship));
  register(app, "deliverOrder", forWriters(deliver));
}

async function ship(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, ShipmentBody);
  if (!body.ok) return refuseBody(c, body);
  const shipment = body.value;
  const { id, carrier, lines } = shipment;
  return await commandOnOrder(
    c,
    principal,
    { action: "order.ship", reason: null, logged, details: { id, carrier, lines: lines ?? null } },
    async (order): Promise<ParcelOutcome | null> => await order.ship(shipment),
    (outcome) => {
      if (!outcome.ok) return refuse(c, outcome.reason);
      const [parcel] = outcome.parcels;
      if (parcel === undefined) throw new Error("a shipment is a parcel");
      return c.json({ shipment: opsParcelView(parcel), status: outcome.status } satisfies ShipmentAnswer);
    },
  );
}

async function deliver(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, DeliveryBody);
  if (!body.ok) return refuseBody(c, body);
  const delivery = body.value;
  return await commandOnOrder(
    c,
    principal,
    { action: "order.deliver", reason: null, logged, details: delivery },
    async (order): Promise<ParcelOutcome | null> => await order.deliver(delivery),
    (outcome) => {
      if (!outcome.ok) return refuse(c, outcome.reason);
      const { parcels, status } = outcome;
      return c.json({ shipments: parcels.map(opsParcelView), status } satisfies DeliveryAnswer);
    },
  );
}

/** Without the tracking number, which leads to the person: audit entries are never deleted. */
const logged = (outcome: ParcelOutcome): object =>
  outcome.ok ? { ok: true, status: outcome.status, parcels: outcome.parcels.map(({ id }) => id) } : outcome;

export const opsParcelView = (parcel: RecordedParcel): OpsParcel => ({
  id: parcel.id,
  ...parcelView(parcel),
});

function refuse(c: AppContext, reason: ParcelRefusal): Response {
  switch (reason) {
    case "id_reused":
      return problem(c, "validation_failed", {
        errors: [{ path: "id", message: "was used for something else of this order" }],
      });
    case "unknown_sku":
      return unknownSku(c);
    case "not_paid":
    case "order_closed":
    case "exceeds_unshipped":
    case "not_shipped":
    case "too_many_parcels":
      return problem(c, reason);
  }
}
