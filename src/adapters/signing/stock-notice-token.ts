/** The right to end the e-mails about stock to an address: the random id of one request for them, signed. */
import { BASE32_CLASS, toBase32 } from "./base32.ts";
import { sameText, sign, type SigningKey, type SigningKeys } from "./signing-keys.ts";

const TAG_BYTES = 15;
/** Key version, the 32 hexadecimal digits of a UUID, 24 characters of signature. */
const TOKEN = new RegExp(`^([0-9a-z])([0-9a-f]{32})(${BASE32_CLASS}{24})$`);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @throws RangeError for what is no UUID in lower case: a caller's mistake */
export function stockNoticeToken(keys: SigningKeys, noticeId: string): string {
  if (!UUID.test(noticeId)) throw new RangeError("not a notice id");
  const digits = noticeId.replaceAll("-", "");
  return keys.current.version + digits + tagOf(keys.current, digits);
}

/** The notice's id of a token, or null where none of our keys signed it. */
export function readStockNoticeToken(keys: SigningKeys, token: string): string | null {
  const [, version = "", digits = "", tag = ""] = TOKEN.exec(token) ?? [];
  const key = keys.byVersion.get(version);
  if (key === undefined || !sameText(tagOf(key, digits), tag)) return null;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function tagOf(key: SigningKey, digits: string): string {
  return toBase32(sign(key, "stock-notice", digits), TAG_BYTES);
}
