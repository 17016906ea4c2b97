/** Everything that is under way: it arrives in any order, late, or never. */
import type { Chance } from "./chance.ts";

export interface UnderWay {
  readonly what: () => string;
  readonly arrives: () => void;
  /** What happens where it is lost; null for what cannot be. */
  readonly isLost: (() => void) | null;
}

export class Network {
  readonly #chance: Chance;
  readonly #log: (text: () => string) => void;
  readonly #underWay: UnderWay[] = [];
  readonly #late: UnderWay[] = [];
  /** The probability that something is lost. */
  loss = 0;
  /** The probability that what arrives next is something late. */
  lateness = 0.3;

  constructor(chance: Chance, log: (text: () => string) => void) {
    this.#chance = chance;
    this.#log = log;
  }

  get isQuiet(): boolean {
    return this.#underWay.length + this.#late.length === 0;
  }

  send(underWay: UnderWay): void {
    this.#underWay.push(underWay);
  }

  /** What its sender has given up. */
  sendLate(late: UnderWay): void {
    this.#late.push(late);
  }

  /** Something arrives or is lost: as often as not what was sent first, for then long chains of events come to their end. */
  next(): void {
    const { random, happens } = this.#chance;
    const isLate = this.#late.length > 0 && happens(this.lateness);
    const list = isLate ? this.#late : this.#underWay;
    const at = happens(0.5) ? 0 : Math.floor(random() * list.length);
    const [next] = list.splice(at, 1);
    if (next === undefined) return;
    const lost = happens(this.loss) ? next.isLost : null;
    this.#log(() => (lost === null ? next.what() : `LOST: ${next.what()}`));
    (lost ?? next.arrives)();
  }
}
