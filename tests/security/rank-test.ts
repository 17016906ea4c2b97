/** Whether two series of times differ by more than chance: the Mann–Whitney U test, which asks nothing of their distribution. */

export interface Comparison {
  /** How often a time of the first series is the longer one of a pair: 0.5 where nothing tells them apart. */
  readonly firstIsLonger: number;
  /** The same in standard deviations of what chance does. */
  readonly z: number;
  readonly medians: readonly [number, number];
}

export function compareTimes(first: readonly number[], second: readonly number[]): Comparison {
  const pairs = first.length * second.length;
  let wins = 0;
  for (const a of first) for (const b of second) wins += a > b ? 1 : a === b ? 0.5 : 0;
  const deviation = Math.sqrt((pairs * (first.length + second.length + 1)) / 12);
  return {
    firstIsLonger: wins / pairs,
    z: (wins - pairs / 2) / deviation,
    medians: [median(first), median(second)],
  };
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
