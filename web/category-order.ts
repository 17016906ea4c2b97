/** In which order the store names its categories, wherever it names several. Pure. */

/** The main kinds before what goes with them. */
const ORDER: readonly string[] = ["phones", "tablets", "watches", "audio", "cases", "chargers", "cables"];

/**
 * The categories of an answer as the home page orders them. Counts change with every filter, and a row of links that
 * changed with them would have to be read anew each time. Categories that are not known here follow as they came.
 */
export function inCategoryOrder<Category extends { readonly value: string }>(
  categories: readonly Category[],
): Category[] {
  return categories.toSorted((one, other) => place(one) - place(other));
}

function place({ value }: { readonly value: string }): number {
  const index = ORDER.indexOf(value);
  return index === -1 ? ORDER.length : index;
}
