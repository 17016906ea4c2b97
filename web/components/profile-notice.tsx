/** What the pages of a profile say of what just happened: the same thing in the same words. */
import { Notice, type NoticeProps } from "./notice.tsx";

const MESSAGES = {
  address_added: ["success", "The address is added"],
  address_saved: ["success", "The address is saved"],
  address_removed: ["success", "The address is removed"],
  address_default: ["success", "This is your default address now"],
  addresses_full: ["warning", "You have as many addresses as an account can keep. Remove one first."],
  wish_added: ["success", "It is on your wish list"],
  wish_removed: ["success", "It is off your wish list"],
  wishlist_full: ["warning", "Your wish list is full. Take something off first."],
  not_agreed: ["warning", "Tick the box if you want to delete your account. Nothing was deleted."],
} as const satisfies Record<string, readonly [NoticeProps["tone"], string]>;
export type ProfileMessage = keyof typeof MESSAGES;

export function isProfileMessage(name: string | undefined): name is ProfileMessage {
  return name !== undefined && Object.hasOwn(MESSAGES, name);
}

export function ProfileNotice({ message }: { readonly message: ProfileMessage }) {
  const [tone, title] = MESSAGES[message];
  return <Notice tone={tone} title={title} focus />;
}
