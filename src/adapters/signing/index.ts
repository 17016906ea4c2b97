/** Signing: order ids and tokens, buyer keys, cart cookies. Synchronous `node:crypto`, cheaper here than WebCrypto. */
export { parseSigningKeys, type SigningKeys } from "./signing-keys.ts";
export { accountBuyerKeyFor, guestKeyFor, networkKeyFor, payerKeyFor } from "./buyer-keys.ts";
export { isOrderId, orderIdFor, orderToken, verifyOrderToken, type OrderIds } from "./order-id.ts";
export {
  accountKeyFor,
  accountsSecret,
  isKnownBrowser,
  knownBrowserMark,
  mailboxKeyFor,
} from "./account-keys.ts";
export {
  accountCartId,
  cartTag,
  idempotencyKeyFor,
  isAccountCartId,
  newCartId,
  readCartId,
  signCartId,
} from "./cart-id.ts";
export { readStockNoticeToken, stockNoticeToken } from "./stock-notice-token.ts";
export { readWaitTicket, waitTicket, WAIT_TICKET_PREFIX } from "./wait-ticket.ts";
