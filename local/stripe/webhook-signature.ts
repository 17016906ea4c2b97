/** The `Stripe-Signature` header: `t=<seconds>,v1=<HMAC-SHA256 of "t.payload">`. */
import { createHmac } from "node:crypto";

/** `sentAtSeconds` is Unix time; receivers refuse what is older than their tolerance. */
export function signatureHeader(payload: string, secret: string, sentAtSeconds: number): string {
  const signature = createHmac("sha256", secret).update(`${sentAtSeconds}.${payload}`).digest("hex");
  return `t=${sentAtSeconds},v1=${signature}`;
}
