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
  wrong_password_of_link: {
    tone: "error",
    title: "That’s not this account’s password",
    text: "Please check it and try again. Nothing was changed.",
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
    title: "This link has expired or was already used",
    text: "Sign in: if your email still needs confirming, we’ll send you a new link.",
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
    text: "For up to 15 minutes, a device that was just in use may still show your name and finish an order. It can’t see or change anything else of your account.",
  },
  password_reset: {
    tone: "success",
    title: "Your new password is set",
    text: "Every device was signed out and passkeys were removed. Sign in with your new password.",
  },
  verified: { tone: "success", title: "Your e-mail address is confirmed" },
  change_agreed: {
    tone: "success",
    title: "One more step",
    text: "We’ve sent a link to your new email. Your account changes once you confirm there.",
  },
  email_changed: {
    tone: "success",
    title: "Your email is changed",
    text: "Use it the next time you sign in.",
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
    text: "We’ve sent a link to your current email. Once you confirm there, a second one goes to your new email. Nothing changes until you’ve confirmed both.",
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
