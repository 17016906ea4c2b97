/** Finds the one message that spoils a batch, by halving: a clean batch costs one call, one with a failing message log₂ more. */

export interface IsolationOutcome<T, R> {
  readonly results: R[];
  /** Items that fail alone, each with its fault. */
  readonly failing: { readonly item: T; readonly fault: unknown }[];
}

/**
 * @param handle handles several items at once, all or none
 * @param blamesItem whether a fault is caused by an item's own data; any other fault is rethrown
 * @throws the first fault that is nobody's data. Parts handled before stay handled: `handle` must be idempotent.
 */
export async function isolateFailing<T, R>(
  items: readonly T[],
  handle: (items: T[]) => Promise<R[]>,
  blamesItem: (fault: unknown) => boolean,
): Promise<IsolationOutcome<T, R>> {
  if (items.length === 0) return { results: [], failing: [] };
  try {
    return { results: await handle([...items]), failing: [] };
  } catch (fault) {
    if (!blamesItem(fault)) throw fault;
    const [only] = items;
    if (items.length === 1 && only !== undefined) return { results: [], failing: [{ item: only, fault }] };
  }
  const middle = Math.ceil(items.length / 2);
  const first = await isolateFailing(items.slice(0, middle), handle, blamesItem);
  const second = await isolateFailing(items.slice(middle), handle, blamesItem);
  return {
    results: [...first.results, ...second.results],
    failing: [...first.failing, ...second.failing],
  };
}
