/** Everything that one run of the benchmark measured; parts whose section was not asked for are left out. */
import type { CpuBySteps, PurchaseResult } from "./purchases.ts";
import type { GrowthPoint } from "./growth.ts";
import type { PlacingAt, PollingResult, RushResult } from "./open-loops.ts";
import type { Ratio } from "./promises.ts";
import type { Row } from "./rows.ts";
import type { SearchMeasurement } from "./search.ts";
import type { StockFigures } from "./store.ts";

export interface Report {
  /** RFC 3339. */
  readonly at: string;
  readonly cores: number;
  readonly secondsPerRow: number;
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
  /** By connections. */
  readonly skuCallsPerPlacedOrder: Readonly<Record<string, number>>;
  /** Placing at fixed arrival rates. */
  readonly latency?: readonly PlacingAt[];
  readonly polling?: PollingResult;
  readonly rush?: RushResult;
  /** At the most clients. */
  readonly purchases?: PurchaseResult;
  /** By clients. */
  readonly purchasesAt?: Readonly<Record<string, PurchaseResult>>;
  readonly purchaseCpuBySteps?: CpuBySteps;
  readonly search?: SearchMeasurement;
  readonly perLiveOrderBytes?: number;
  readonly memory?: readonly GrowthPoint[];
  readonly growth?: readonly GrowthPoint[];
  readonly hotSku?: StockFigures;
}
