/** The form that asks to be told when a SKU is back or a drop opens. */
import { z } from "zod";
import { Sku } from "./catalog.ts";

export const StockNoticeForm = z.object({
  email: z.string().trim().max(254).pipe(z.email()),
  /** Left out, or ignored, where the whole product is waited for. */
  sku: Sku.optional(),
});
