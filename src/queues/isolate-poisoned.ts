/** Finds the one message that spoils a batch, by halving: a clean batch costs one call, a poisoned message log₂ more. */

export interface IsolationOutcome<T, R> {
  readonly results: R[];
  /** Items that fail alone, each with its fault. */
  readonly poisoned: { readonly item: T; readonly fault: unknown }[];
}

/**
 * @param handle handles several items at once, all or none
 * @param blamesItem whether a fault is caused by an item's own data; any other fault is rethrown
 * @throws the first fault that is nobody's data. Parts handled before stay handled: `handle` must be idempotent.
 */
export async function isolatePoisoned<T, R>(
  items: readonly T[],
  handle: (items: T[]) => Promise<R[]>,
  blamesItem: (fault: unknown) => boolean,
): Promise<IsolationOutcome<T, R>> {
  if (items.length === 0) return { results: [], poisoned: [] };
  try {
    return { results: await handle([...items]), poisoned: [] };
  } catch (fault) {
    if (!blamesItem(fault)) throw fault;
    const [only] = items;
    if (items.length === 1 && only !== undefined) return { results: [], poisoned: [{ item: only, fault }] };
  }
  const middle = Math.ceil(items.length / 2);
  const first = await isolatePoisoned(items.slice(0, middle), handle, blamesItem);
  const second = await isolatePoisoned(items.slice(middle), handle, blamesItem);
  return {
    results: [...first.results, ...second.results],
    poisoned: [...first.poisoned, ...second.poisoned],
  };
}
