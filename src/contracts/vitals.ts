/** What a browser tells of how a page felt: five figures and a kind of page. No address, no id, nobody's data. */
import * as z from "zod";
import { PAGE_KINDS } from "../domain/page-kind.ts";
import { MAX_LAYOUT_SHIFT_SCORE, MAX_VITAL_MS } from "../domain/vital-limits.ts";

const milliseconds = z.number().min(0).max(MAX_VITAL_MS).optional();

/** `POST /api/vitals`. Figures that the browser could not measure are left out; one at least is there. */
export const VitalsBody = z
  .strictObject({
    page: z.enum(PAGE_KINDS),
    /** Largest contentful paint. */
    lcpMs: milliseconds,
    /** Interaction to next paint. */
    inpMs: milliseconds,
    /** Cumulative layout shift, a score without a unit. */
    cls: z.number().min(0).max(MAX_LAYOUT_SHIFT_SCORE).optional(),
    /** Time to first byte. */
    ttfbMs: milliseconds,
    /** First contentful paint. */
    fcpMs: milliseconds,
  })
  .refine((body) => Object.keys(body).length > 1, { message: "must have at least one figure" });
export type VitalsBody = z.infer<typeof VitalsBody>;
