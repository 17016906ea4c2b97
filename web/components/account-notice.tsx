/** What the account's pages say of what just happened: one table, so that the same thing is always said in the same words. */
import { Notice, type NoticeProps } from "./notice.tsx";

interface Words {
  readonly tone: NoticeProps["tone"];
  readonly title: string;
  readonly text?: string;
}

const MESSAGES = {
  // Refusals
  wrong_credentials: {
    tone: "error",
    title: "E-mail or password is wrong",
    text: "Please check both. If you have forgotten your password, choose a new one.",
  },
  wrong_password: {
    tone: "error",
    title: "The present password is wrong",
    text: "Nothing was changed. If you have forgotten it, sign out and choose a new one.",
  },
  no_password: {
    tone: "info",
    title: "Your account has no password yet",
    text: "Sign out and choose “Forgot your password?”: the link in the e-mail lets you set one.",
  },
  unverified: {
    tone: "warning",
    title: "Please confirm your e-mail address first",
    text: "We have just sent you the link again. Look in your mail, also among what is marked as spam.",
  },
  same_email: { tone: "info", title: "This is your address already", text: "Nothing was changed." },
  link_expired: {
    tone: "warning",
    title: "This link is used or too old",
    text: "Links work once, within an hour. Ask for a new one.",
  },
  confirm_expired: {
    tone: "warning",
    title: "This link is used or too old",
    text: "Sign in, and we send you a new one where your address is not confirmed yet.",
  },
  provider_failed: {
    tone: "warning",
    title: "That did not sign you in",
    text: "It was cancelled, or the other side did not confirm your e-mail address. Try again, or use your password.",
  },
  sign_in_again: {
    tone: "info",
    title: "Please sign in again",
    text: "It has been a while. What protects your account can be changed only shortly after signing in.",
  },
  sign_in_first: { tone: "info", title: "Please sign in first" },
  caught: {
    tone: "warning",
    title: "We could not tell that you are a person",
    text: "Please try again. If it happens once more, write to us: we will make the account for you.",
  },
  unavailable: {
    tone: "error",
    title: "This is not possible right now",
    text: "Something on our side did not answer. Please try again in a moment. Browsing and buying still work.",
  },
  // Things done
  signed_out: { tone: "success", title: "You are signed out" },
  signed_out_everywhere: {
    tone: "success",
    title: "You are signed out everywhere",
    text: "A device that was in use a moment ago may show your name for up to 15 minutes. It can change nothing.",
  },
  password_reset: {
    tone: "success",
    title: "Your new password is set",
    text: "Every device was signed out. Sign in with your new password.",
  },
  verified: { tone: "success", title: "Your e-mail address is confirmed" },
  verified_elsewhere: {
    tone: "success",
    title: "Thank you for confirming",
    text: "Sign in to go on.",
  },
  name_changed: { tone: "success", title: "Your name is changed" },
  password_changed: {
    tone: "success",
    title: "Your password is changed",
    text: "Every other device was signed out.",
  },
  email_asked: {
    tone: "success",
    title: "Now look in your mail",
    text: "We have sent a link to your present address. Once you open it, a second one goes to the new address. Until both are confirmed nothing changes.",
  },
  email_confirmed: {
    tone: "success",
    title: "Thank you for confirming",
    text: "Your address is shown below. If it is still the former one, open the link that we sent to the new one.",
  },
  session_ended: { tone: "success", title: "That device is signed out" },
  others_ended: { tone: "success", title: "Every other device is signed out" },
  passkey_removed: {
    tone: "success",
    title: "The passkey is removed",
    text: "It opens this account no more. You may delete it on your device, too.",
  },
  passkey_added: {
    tone: "success",
    title: "Your passkey is ready",
    text: "Next time you can sign in with it, without a password.",
  },
} as const satisfies Record<string, Words>;
export type AccountMessage = keyof typeof MESSAGES;

export function AccountNotice({ message }: { readonly message: AccountMessage }) {
  const { tone, title, text }: Words = MESSAGES[message];
  return (
    <Notice tone={tone} title={title} focus>
      {text !== undefined && <p>{text}</p>}
    </Notice>
  );
}

/** Somebody tried too often. @param retryAfterSeconds when it is worth trying again */
export function TooOftenNotice({ retryAfterSeconds }: { readonly retryAfterSeconds: number }) {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  return (
    <Notice tone="warning" title="Too many attempts" focus>
      <p>
        Please wait {minutes <= 1 ? "a minute" : `${String(minutes)} minutes`} and try again. This protects
        your account from those who guess.
      </p>
    </Notice>
  );
}
