/** The form that asks to be told when a SKU is back or a drop opens. */
import { z } from "zod";

export const StockNoticeForm = z.object({ email: z.string().trim().max(254).pipe(z.email()) });
