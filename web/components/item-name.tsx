/** What is sold, by its full name, or a detail of it: a number stays with its unit, and a word with a hyphen stays whole, where lines break. */

/** `256 GB`, `1 m`, `USB-C`. */
const WHOLE = /(\d[\d.]*[ \u00a0]\p{L}{1,3}(?!\p{L})|[\p{L}\d]{1,12}-[\p{L}\d]{1,12}(?![\p{L}\d]))/u;

export function ItemName({ name }: { readonly name: string }) {
  // What the pattern captures comes at the odd places.
  return (
    <>
      {name.split(WHOLE).map((part, index) => (index % 2 === 1 ? <span class="whole">{part}</span> : part))}
    </>
  );
}
