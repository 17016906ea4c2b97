/** Which errors of the `send_email` binding mean that a message will never be taken. */

/**
 * Codes that blame this message or its recipient. Left out, because the same message may be taken later: limits and
 * failures of the service (`E_RATE_LIMIT_EXCEEDED`, `E_DAILY_LIMIT_EXCEEDED`, `E_INTERNAL_SERVER_ERROR`), a delivery whose
 * failure may pass (`E_DELIVERY_FAILED`), and what blames the store's settings, which ops can mend before any message is
 * lost (`E_SENDER_NOT_VERIFIED`, `E_SENDER_DOMAIN_NOT_AVAILABLE`, `E_RECIPIENT_NOT_ALLOWED`).
 *
 * @see https://developers.cloudflare.com/email-service/api/send-emails/workers-api/#error-codes
 */
const REFUSED_FOR_GOOD: ReadonlySet<unknown> = new Set([
  "E_VALIDATION_ERROR",
  "E_FIELD_MISSING",
  "E_TOO_MANY_RECIPIENTS",
  "E_RECIPIENT_SUPPRESSED",
  "E_CONTENT_TOO_LARGE",
  "E_HEADER_NOT_ALLOWED",
  "E_HEADER_USE_API_FIELD",
  "E_HEADER_VALUE_INVALID",
  "E_HEADER_VALUE_TOO_LONG",
  "E_HEADER_NAME_INVALID",
  "E_HEADERS_TOO_LARGE",
  "E_HEADERS_TOO_MANY",
]);

/** An error without a known code may pass; so do the local binding's, which have none. */
export function isRefusedForGood(error: unknown): boolean {
  return error instanceof Error && "code" in error && REFUSED_FOR_GOOD.has(error.code);
}
