/** Chance that a seed decides, so that a run can be repeated. */

export interface Chance {
  /** A number in [0, 1). */
  readonly random: () => number;
  /** One of the items; each as likely as it is often in the list. */
  readonly pick: <T>(items: readonly T[]) => T;
  /** @param probability in [0, 1] */
  readonly happens: (probability: number) => boolean;
}

/** Mulberry32: small, fast and the same everywhere. */
export function chanceOf(seed: number): Chance {
  let state = Math.imul(seed, 0x9e3779b1);
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    random,
    happens: (probability) => random() < probability,
    pick: (items) => {
      const item = items[Math.floor(random() * items.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}
