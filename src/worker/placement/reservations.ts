/** A placement's calls to the SKU objects: reserve on all, in parallel, or release what this attempt took. */
import type { SkuTerms } from "../../adapters/catalog/content.ts";
import type { SkuObjects } from "../../durable-objects/sku-inventory/sku-objects.ts";
import type { Reserve, ReserveOutcome } from "../../domain/inventory/rules.ts";

export interface RequestedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly name: string;
  readonly terms: SkuTerms;
}

export interface LineReservation {
  readonly line: RequestedLine;
  readonly outcome: ReserveOutcome;
}

type Attempt = Omit<Reserve, "quantity">;

/**
 * Reserves every line. A SKU object that was never configured gets its terms from the catalog and is asked again.
 *
 * @throws the first fault, after what this attempt took was released
 */
export async function reserveAll(
  skuObject: SkuObjects,
  lines: readonly RequestedLine[],
  attempt: Attempt,
): Promise<LineReservation[]> {
  const [only] = lines;
  if (only !== undefined && lines.length === 1) return [await reserveOne(skuObject, only, attempt)];
  const answers = await Promise.allSettled(lines.map((line) => reserveOne(skuObject, line, attempt)));
  const reservations = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const failed = answers.find((answer) => answer.status === "rejected");
  if (failed === undefined) return reservations;
  await releaseAll(skuObject, reservations, attempt);
  throw failed.reason;
}

async function reserveOne(
  skuObject: SkuObjects,
  line: RequestedLine,
  attempt: Attempt,
): Promise<LineReservation> {
  const object = skuObject(line.sku);
  const command: Reserve = { ...attempt, quantity: line.quantity };
  const outcome = await object.reserve(command);
  if (outcome.ok || outcome.reason !== "not_configured") return { line, outcome };
  const { initialStock, ...terms } = line.terms;
  await object.configure({ terms, initialStock });
  return { line, outcome: await object.reserve(command) };
}

/** Releases what this attempt took and no other has adopted. A release that fails is only a delay: the hold lapses. */
export async function releaseAll(
  skuObject: SkuObjects,
  reservations: readonly LineReservation[],
  attempt: Pick<Attempt, "orderId" | "attemptId">,
): Promise<void> {
  await Promise.allSettled(
    reservations
      .filter(({ outcome }) => outcome.ok && outcome.hold !== "known")
      .map(({ line }) => skuObject(line.sku).release(attempt.orderId, attempt.attemptId)),
  );
}
