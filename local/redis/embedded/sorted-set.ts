/** A sorted set: members ordered by score, then by bytes. Lookups are O(1) by member, O(log n) by position. */
import type { BinaryString } from "../reply.ts";

export interface ScoredMember {
  readonly member: BinaryString;
  readonly score: number;
}

export class SortedSet {
  readonly #scores = new Map<BinaryString, number>();
  readonly #ordered: ScoredMember[] = [];

  get size(): number {
    return this.#ordered.length;
  }

  scoreOf(member: BinaryString): number | undefined {
    return this.#scores.get(member);
  }

  /** Adds a member or moves it to another score. */
  set(member: BinaryString, score: number): void {
    const current = this.#scores.get(member);
    if (current === score) return;
    if (current !== undefined) this.#ordered.splice(this.#position({ member, score: current }), 1);
    this.#scores.set(member, score);
    this.#ordered.splice(this.#position({ member, score }), 0, { member, score });
  }

  delete(member: BinaryString): boolean {
    const score = this.#scores.get(member);
    if (score === undefined) return false;
    this.#ordered.splice(this.#position({ member, score }), 1);
    return this.#scores.delete(member);
  }

  /** Zero-based rank from the lowest, or undefined for a stranger. */
  rankOf(member: BinaryString): number | undefined {
    const score = this.#scores.get(member);
    return score === undefined ? undefined : this.#position({ member, score });
  }

  /** Members by rank, `end` exclusive. */
  slice(start: number, end: number): ScoredMember[] {
    return this.#ordered.slice(start, end);
  }

  /** Where the first member stands for which the test holds; the test must hold for all members after it. */
  firstIndex(test: (item: ScoredMember) => boolean): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#ordered[middle];
      if (item !== undefined && test(item)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #position(wanted: ScoredMember): number {
    return this.firstIndex(
      ({ member, score }) => score > wanted.score || (score === wanted.score && member >= wanted.member),
    );
  }
}
