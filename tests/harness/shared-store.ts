/** The store that most journeys share. Every test takes SKUs and shoppers of its own. */
import { afterEach, inject } from "vitest";
import { Store } from "./store.ts";

/** Answers the shared store, and turns faults off after every test of the file. */
export function sharedStore(): Store {
  const store = new Store(inject("sharedStore"));
  afterEach(() => store.stripe.faults());
  return store;
}
