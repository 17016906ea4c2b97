/** Telemetry that says nothing: the model looks at states, not at logs. */
import type { Telemetry } from "../../../adapters/telemetry/telemetry.ts";

export class TelemetryOff implements Telemetry {
  log(): void {
    return undefined;
  }
  fault(): void {
    return undefined;
  }
  count(): void {
    return undefined;
  }
}
