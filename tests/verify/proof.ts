/** What a long proof is, and what comes of it. */
import type { Surroundings } from "./surroundings.ts";

export interface Outcome {
  /** How many things were looked at and are as they should be. */
  readonly held: number;
  /** What is not, a line each. */
  readonly broken: readonly string[];
  /** What was measured, for `--json`. */
  readonly figures?: unknown;
}

export interface Proof {
  /** For `--only`. */
  readonly name: string;
  /**
   * @param say takes a line for whoever waits
   * @throws Error where the proof could not be carried out, which counts as broken
   */
  readonly run: (surroundings: Surroundings, say: (line: string) => void) => Promise<Outcome>;
}
