/** Stripe's test cards: what each number and each `pm_card_*` token does. https://docs.stripe.com/testing */
import { createHash } from "node:crypto";

/** How the issuer answers a charge that it refuses, in Stripe's codes. */
export type Decline = { code: string; declineCode?: string; message: string };

export const DECLINES = {
  generic: { code: "card_declined", declineCode: "generic_decline", message: "Your card was declined." },
  insufficientFunds: {
    code: "card_declined",
    declineCode: "insufficient_funds",
    message: "Your card has insufficient funds.",
  },
  lost: { code: "card_declined", declineCode: "lost_card", message: "Your card was declined." },
  stolen: { code: "card_declined", declineCode: "stolen_card", message: "Your card was declined." },
  fraudulent: { code: "card_declined", declineCode: "fraudulent", message: "Your card was declined." },
  velocity: {
    code: "card_declined",
    declineCode: "card_velocity_exceeded",
    message:
      "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
  },
  expired: { code: "expired_card", message: "Your card has expired." },
  incorrectCvc: { code: "incorrect_cvc", message: "Your card's security code is incorrect." },
  processingError: {
    code: "processing_error",
    message: "An error occurred while processing your card. Try again in a little bit.",
  },
  authenticationRequired: {
    code: "authentication_required",
    declineCode: "authentication_required",
    message: "Your card was declined. This transaction requires authentication.",
  },
  notATestCard: {
    code: "card_declined",
    declineCode: "test_mode_live_card",
    message:
      "Your card was declined. Your request was in test mode, but used a non test (live) card. " +
      "For a list of valid test cards, visit: https://stripe.com/docs/testing.",
  },
} as const satisfies Record<string, Decline>;

type DeclineName = keyof typeof DECLINES;

export type CardBehaviour =
  | { kind: "approve" }
  | { kind: "decline"; decline: DeclineName }
  /** The bank asks the buyer first (3D Secure); `decline` is what it answers even to a buyer who passed. */
  | { kind: "challenge"; decline?: DeclineName }
  /** Approved, and disputed as soon as it is captured. */
  | { kind: "dispute"; reason: "fraudulent" | "product_not_received" }
  /** Disputed as soon as it is captured, as an inquiry first: no money moves. */
  | { kind: "inquiry" }
  /** The issuer warns of fraud as soon as it is captured. */
  | { kind: "fraud_warning" }
  /** A refund is pending until the test says how it ends. */
  | { kind: "refund_pending" }
  /** A refund succeeds, and fails when the test says so. */
  | { kind: "refund_fails" };

export type TestCard = {
  number: string;
  brand: "amex" | "diners" | "discover" | "jcb" | "mastercard" | "unionpay" | "visa";
  funding: "credit" | "debit" | "prepaid";
  behaviour: CardBehaviour;
};

const APPROVE: CardBehaviour = { kind: "approve" };

function card(
  number: string,
  brand: TestCard["brand"],
  behaviour = APPROVE,
  funding: TestCard["funding"] = "credit",
): TestCard {
  return { number, brand, funding, behaviour };
}

function declining(number: string, decline: DeclineName): TestCard {
  return card(number, "visa", { kind: "decline", decline });
}

const VISA = card("4242424242424242", "visa");
const MASTERCARD = card("5555555555554444", "mastercard");
const AMEX = card("378282246310005", "amex");
const GENERIC_DECLINE = declining("4000000000000002", "generic");
const INSUFFICIENT_FUNDS = declining("4000000000009995", "insufficientFunds");
const LOST = declining("4000000000009987", "lost");
const STOLEN = declining("4000000000009979", "stolen");
const EXPIRED = declining("4000000000000069", "expired");
const INCORRECT_CVC = declining("4000000000000127", "incorrectCvc");
const PROCESSING_ERROR = declining("4000000000000119", "processingError");
const VELOCITY = declining("4000000000006975", "velocity");
const FRAUDULENT = declining("4100000000000019", "fraudulent");
const AUTHENTICATION_REQUIRED = card("4000002760003184", "visa", { kind: "challenge" });
const THREE_D_SECURE = card("4000000000003220", "visa", { kind: "challenge" });
const SETUP_AUTHENTICATION = card("4000002500003155", "visa", { kind: "challenge" });
const CHALLENGE_THEN_DECLINE = card("4000008400001629", "visa", { kind: "challenge", decline: "generic" });
const DISPUTE = card("4000000000000259", "visa", { kind: "dispute", reason: "fraudulent" });
const NOT_RECEIVED = card("4000000000002685", "visa", { kind: "dispute", reason: "product_not_received" });
const INQUIRY = card("4000000000001976", "visa", { kind: "inquiry" });
const FRAUD_WARNING = card("4000000000005423", "visa", { kind: "fraud_warning" });
const REFUND_PENDING = card("4000000000007726", "visa", { kind: "refund_pending" });
const REFUND_FAILS = card("4000000000005126", "visa", { kind: "refund_fails" });
const VISA_DEBIT = card("4000056655665556", "visa", APPROVE, "debit");
const MASTERCARD_DEBIT = card("5200828282828210", "mastercard", APPROVE, "debit");
const MASTERCARD_PREPAID = card("5105105105105100", "mastercard", APPROVE, "prepaid");
const DISCOVER = card("6011111111111117", "discover");
const DINERS = card("3056930009020004", "diners");
const JCB = card("3566002020360505", "jcb");
const UNIONPAY = card("6200000000000005", "unionpay");

/** Cards without a token of their own. */
const FURTHER_CARDS: readonly TestCard[] = [
  card("2223003122003222", "mastercard"),
  card("371449635398431", "amex"),
  card("6011000990139424", "discover"),
  card("36227206271667", "diners"),
  card("4000000000000077", "visa"),
  card("4000000000003055", "visa"),
];

const CARDS_BY_TOKEN = new Map<string, TestCard>([
  ["pm_card_visa", VISA],
  ["pm_card_us", VISA],
  ["pm_card_mastercard", MASTERCARD],
  ["pm_card_amex", AMEX],
  ["pm_card_visa_debit", VISA_DEBIT],
  ["pm_card_mastercard_debit", MASTERCARD_DEBIT],
  ["pm_card_mastercard_prepaid", MASTERCARD_PREPAID],
  ["pm_card_discover", DISCOVER],
  ["pm_card_diners", DINERS],
  ["pm_card_jcb", JCB],
  ["pm_card_unionpay", UNIONPAY],
  ["pm_card_chargeDeclined", GENERIC_DECLINE],
  ["pm_card_visa_chargeDeclined", GENERIC_DECLINE],
  ["pm_card_chargeDeclinedInsufficientFunds", INSUFFICIENT_FUNDS],
  ["pm_card_visa_chargeDeclinedInsufficientFunds", INSUFFICIENT_FUNDS],
  ["pm_card_chargeDeclinedLostCard", LOST],
  ["pm_card_visa_chargeDeclinedLostCard", LOST],
  ["pm_card_chargeDeclinedStolenCard", STOLEN],
  ["pm_card_visa_chargeDeclinedStolenCard", STOLEN],
  ["pm_card_chargeDeclinedExpiredCard", EXPIRED],
  ["pm_card_visa_chargeDeclinedExpiredCard", EXPIRED],
  ["pm_card_chargeDeclinedIncorrectCvc", INCORRECT_CVC],
  ["pm_card_visa_chargeDeclinedIncorrectCvc", INCORRECT_CVC],
  ["pm_card_chargeDeclinedProcessingError", PROCESSING_ERROR],
  ["pm_card_visa_chargeDeclinedProcessingError", PROCESSING_ERROR],
  ["pm_card_chargeDeclinedVelocityLimitExceeded", VELOCITY],
  ["pm_card_visa_chargeDeclinedVelocityLimitExceeded", VELOCITY],
  ["pm_card_chargeDeclinedFraudulent", FRAUDULENT],
  ["pm_card_radarBlock", FRAUDULENT],
  ["pm_card_authenticationRequired", AUTHENTICATION_REQUIRED],
  ["pm_card_threeDSecure2Required", THREE_D_SECURE],
  ["pm_card_threeDSecureRequired", THREE_D_SECURE],
  ["pm_card_authenticationRequiredOnSetup", SETUP_AUTHENTICATION],
  ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", CHALLENGE_THEN_DECLINE],
  ["pm_card_threeDSecureRequiredChargeDeclined", CHALLENGE_THEN_DECLINE],
  ["pm_card_createDispute", DISPUTE],
  ["pm_card_createDisputeProductNotReceived", NOT_RECEIVED],
  ["pm_card_createDisputeInquiry", INQUIRY],
  ["pm_card_createIssuerFraudRecord", FRAUD_WARNING],
  ["pm_card_pendingRefund", REFUND_PENDING],
  ["pm_card_refundFail", REFUND_FAILS],
]);

const CARDS_BY_NUMBER = new Map(
  [...CARDS_BY_TOKEN.values(), ...FURTHER_CARDS].map((known) => [known.number, known]),
);

/** The card behind `pm_card_visa` and the like. */
export function cardByToken(token: string): TestCard | undefined {
  return CARDS_BY_TOKEN.get(token);
}

/** The test card with this number (digits only); any other well-formed number is a real card, which test mode declines. */
export function cardByNumber(number: string): TestCard {
  return CARDS_BY_NUMBER.get(number) ?? declining(number, "notATestCard");
}

/** Whether a number (digits only) has a plausible length and a right check digit. */
export function isWellFormedNumber(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  let sum = 0;
  Array.from(number)
    .reverse()
    .forEach((letter, index) => {
      const digit = Number(letter) * (index % 2 === 1 ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    });
  return sum % 10 === 0;
}

/**
 * By what Stripe tells cards apart: the same for the same number, and nothing of the number in it.
 *
 * @param holder told apart from all other holders of the number; empty for everybody who types it
 */
export function fingerprint(number: string, holder = ""): string {
  return createHash("sha256")
    .update(`card fingerprint ${number}${holder}`)
    .digest("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 16);
}
