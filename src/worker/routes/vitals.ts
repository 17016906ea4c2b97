/** Web vitals from shoppers' browsers into the metrics, by figure and kind of page. Reads no cookie and keeps no address. */
import { VitalsBody } from "../../contracts/vitals.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { limitReads } from "../middleware/read-limit.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { register, type App } from "./register.ts";

export function registerVitals(app: App): void {
  register(app, "reportVitals", reportVitals, limitReads);
}

async function reportVitals(c: AppContext): Promise<Response> {
  const body = await readJson(c.req.raw, VitalsBody);
  if (!body.ok) return refuseBody(c, body);
  const { page, lcpMs, inpMs, cls, ttfbMs, fcpMs } = body.value;
  const { telemetry } = servicesOf(c.env);
  for (const [figure, durationMs] of Object.entries({ lcp: lcpMs, inp: inpMs, ttfb: ttfbMs, fcp: fcpMs })) {
    if (durationMs !== undefined) telemetry.count("web_vitals", { outcome: figure, where: page, durationMs });
  }
  if (cls !== undefined) telemetry.count("web_vitals", { outcome: "cls", where: page, score: cls });
  return c.body(null, 204);
}
