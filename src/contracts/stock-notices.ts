/** The form that asks to be told when a SKU is back or a drop opens. */
import { z } from "zod";
import { EmailAddress } from "./email-address.ts";

export const StockNoticeForm = z.object({ email: EmailAddress });
