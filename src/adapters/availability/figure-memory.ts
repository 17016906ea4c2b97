/** The stock figures one isolate remembers: never going backwards, bounded in number. */
import type { Figure } from "./edge-copy.ts";

/** The SKUs of the products that an isolate remembers, and more; beyond it the SKU that was learned of first is forgotten. */
const MAX_REMEMBERED_SKUS = 5_000;

export interface RememberedFigure {
  /** Null: nothing is published for this SKU. */
  readonly figure: Figure | null;
  /** Epoch ms at which the figure was read from its source: how old it is. */
  readonly readAt: number;
  /** Epoch ms at which the sources were last asked, with or without success: when to ask again. */
  readonly checkedAt: number;
}

export class FigureMemory {
  readonly #figures = new Map<string, RememberedFigure>();

  get(sku: string): RememberedFigure | undefined {
    return this.#figures.get(sku);
  }

  /** Takes over what a source said; of two figures the one with the higher sequence stays (a source may lag). */
  learn(sku: string, figure: Figure | null, readAt: number, checkedAt: number): void {
    const known = this.#figures.get(sku);
    const newest = newerOf(known?.figure ?? null, figure);
    this.#put(sku, { figure: newest, readAt: Math.max(readAt, known?.readAt ?? 0), checkedAt });
  }

  /** Remembers that no source could be asked, so that it is not tried for every request. */
  couldNotCheck(sku: string, checkedAt: number): void {
    const known = this.#figures.get(sku);
    if (known !== undefined) this.#put(sku, { ...known, checkedAt });
  }

  #put(sku: string, remembered: RememberedFigure): void {
    this.#figures.set(sku, remembered);
    if (this.#figures.size <= MAX_REMEMBERED_SKUS) return;
    const oldest = this.#figures.keys().next();
    if (!oldest.done) this.#figures.delete(oldest.value);
  }
}

function newerOf(known: Figure | null, learned: Figure | null): Figure | null {
  if (known === null) return learned;
  return learned !== null && learned.sequence >= known.sequence ? learned : known;
}
