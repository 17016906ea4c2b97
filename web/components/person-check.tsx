/**
 * "Are you a person?" in a form: Turnstile's widget where it can run, else a wait that the form itself has begun. Goes right
 * before the form's button; browser code is web/islands/person-check.ts. The widget adds `cf-turnstile-response` to the form.
 */
import type { ChallengeAction } from "../../src/domain/challenge.ts";
import { Notice } from "./notice.tsx";

/** The hidden field that says since when this form was open. */
export const WAIT_TICKET_FIELD = "waitTicket";

export interface PersonCheckView {
  /** Also Turnstile's name for what the token is made for. */
  readonly action: ChallengeAction;
  readonly siteKey: string;
  /** Where Turnstile's script is loaded from; the page's policy allows it. */
  readonly scriptUrl: string;
  readonly waitTicket: string;
  /** How much of the wait is left, in seconds; 0 when it is over. */
  readonly secondsLeft: number;
  /** The widget was no help to this person: only the wait is left. */
  readonly isWaiting: boolean;
}

export function PersonCheck({ check }: { readonly check: PersonCheckView | null }) {
  if (check === null) return null;
  return (
    <div
      class="person-check"
      data-person-check={check.action}
      data-sitekey={check.siteKey}
      data-script={check.scriptUrl}
      data-seconds-left={String(check.secondsLeft)}
    >
      <input type="hidden" name={WAIT_TICKET_FIELD} value={check.waitTicket} />
      {!check.isWaiting && (
        <>
          <div class="person-check-box" data-person-check-widget hidden></div>
          <noscript>
            <p class="fine">
              Without JavaScript we cannot run our usual check for programs. This form can be sent{" "}
              {check.secondsLeft} seconds after it was opened instead.
            </p>
          </noscript>
        </>
      )}
      <p class="fine" role="status" data-person-check-status></p>
    </div>
  );
}

/** For a person who was taken for a program. @param secondsLeft of the wait; 0 when it is over */
export function PersonCheckNotice({ secondsLeft }: { readonly secondsLeft: number }) {
  return (
    <Notice tone="warning" title="We could not tell that you are a person" focus>
      <p>
        That happens: a shared network, a privacy tool or a slow connection is enough. Nothing was sent. What
        you typed is still here, except a password.
      </p>
      <p data-person-check-left={String(secondsLeft)}>
        {secondsLeft > 0
          ? `Please wait ${String(secondsLeft)} ${secondsLeft === 1 ? "second" : "seconds"}, then press the button again.`
          : "Please press the button again."}
      </p>
      <p>
        If it keeps happening, another network or browser may help, or <a href="/help#contact">write to us</a>
        .
      </p>
    </Notice>
  );
}
