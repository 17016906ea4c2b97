/**
 * The order epochs, as written in the variable `ORDER_EPOCHS`: `1:v1:n2:4,2:v2:n2:8@2027-01-05T09:00:00Z`. Each entry is the epoch's
 * name (one character, the first one of its ids), the versions of its signing key and of the rule that normalizes email addresses, its
 * number of shards, and from when it is in force.
 * That moment is at least an hour after the deploy that brings it, as old and new Workers run side by side during a rollout.
 */
import { normalisationOf } from "../../domain/email-address.ts";
import type { OrderEpoch } from "../../domain/order/epochs.ts";

const MAX_SHARDS = 256;
const MAX_EPOCHS = 16;
const ENTRY = /^([0-9a-z]):v([0-9a-z]):n(\d):(\d{1,3})(?:@(.+))?$/;

/** @throws Error that says what is wrong with the list */
export function parseOrderEpochs(text: string): readonly OrderEpoch[] {
  const entries = text.split(",").map((entry) => entry.trim());
  if (entries.length > MAX_EPOCHS) throw new Error(`ORDER_EPOCHS lists more than ${MAX_EPOCHS} epochs`);
  const epochs = entries.map(parseEntry);
  for (const [index, epoch] of epochs.entries()) {
    const before = epochs[index - 1];
    if (before !== undefined && epoch.from <= before.from)
      throw new Error(`ORDER_EPOCHS: epoch ${epoch.name} must begin after the one before it`);
  }
  if (new Set(epochs.map(({ name }) => name)).size !== epochs.length)
    throw new Error("ORDER_EPOCHS: two epochs share a name");
  return epochs;
}

function parseEntry(entry: string, index: number): OrderEpoch {
  const [, name, keyVersion, normalisationText, shardsText, fromText] = ENTRY.exec(entry) ?? [];
  if (name === undefined || keyVersion === undefined)
    throw new Error(`ORDER_EPOCHS: "${entry}" must look like 1:v1:n2:4 or 2:v1:n2:8@2027-01-05T09:00:00Z`);
  const shards = Number(shardsText);
  if (shards < 1 || shards > MAX_SHARDS)
    throw new Error(`ORDER_EPOCHS: epoch ${name} must have 1 to ${MAX_SHARDS} shards`);
  if ((fromText === undefined) !== (index === 0))
    throw new Error(`ORDER_EPOCHS: every epoch but the first says from when it is in force`);
  const from = fromText === undefined ? 0 : Date.parse(fromText);
  if (Number.isNaN(from)) throw new Error(`ORDER_EPOCHS: the beginning of epoch ${name} is not a date`);
  const { version: normalisation } = normalisationOf(Number(normalisationText));
  return { name, keyVersion, normalisation, shards, from };
}
