/** What a long proof is, and what it is given. */
import type { Browser } from "playwright-core";
import type { Scene } from "../browser/scene.ts";

export interface Surroundings {
  /** A store of this run's own: the built Worker with its platform, everything in memory. Started when first asked for. */
  readonly scene: () => Promise<Scene>;
  /** Started when first asked for. */
  readonly browser: () => Promise<Browser>;
  /** A line for whoever waits. */
  readonly say: (line: string) => void;
}

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
  /** @throws Error where the proof could not be carried out, which counts as broken */
  readonly run: (surroundings: Surroundings) => Promise<Outcome>;
}
