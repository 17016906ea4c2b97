/**
 * Finding an order without an account: by its number and the address it was ordered with, `POST /orders/find`. A link goes to
 * that address; nothing of the order is shown here, nor whether there is one. Personal, never cached.
 */
import { Field } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { PersonCheck, PersonCheckNotice, type PersonCheckView } from "../components/person-check.tsx";
import { Document } from "../document.tsx";
import { emailAdvice } from "../email-words.ts";
import type { SiteContext } from "../site.ts";

export type LookupField = "number" | "email";

export interface FindOrderPageProps {
  readonly site: SiteContext;
  /** A link was just asked for. */
  readonly asked?: boolean;
  /** As it was typed before. */
  readonly typed?: Readonly<Record<LookupField, string>>;
  /** What of it is not right. */
  readonly errors?: ReadonlySet<LookupField>;
  /** How one proves to be a person; null where nothing is asked. */
  readonly personCheck?: PersonCheckView | null;
  /** Somebody was taken for a program. */
  readonly isCaught?: boolean;
}

const LABELS: Readonly<Record<LookupField, string>> = { number: "Order number", email: "E-mail" };
const ADVICE: Readonly<Record<LookupField, (typed: string) => string>> = {
  number: () => "Enter the eight characters from your e-mail, like ABCD-1234.",
  email: emailAdvice,
};
const NOTHING_TYPED = { number: "", email: "" } as const;
const NO_ERRORS: ReadonlySet<LookupField> = new Set();

export function FindOrderPage(props: FindOrderPageProps) {
  const { site, asked = false } = props;
  return (
    <Document site={site} title="Find an order" script="account">
      <div class="wrap page-top">
        <div class="entry">
          <h1>Find an order</h1>
          {asked ? <Asked /> : <LookupForm {...props} />}
          <p class="entry-foot">
            With an account, your orders are <a href="/account/orders">all in one place</a>.
          </p>
        </div>
      </div>
    </Document>
  );
}

function Asked() {
  return (
    <>
      <Notice tone="success" title="Now look in your mail" focus>
        <p>
          If there is an order with that number and address, a link to it is on its way there. It can take a
          few minutes; look among what is marked as spam, too.
        </p>
      </Notice>
      <p>
        Nothing arrived? Check the number and <a href="/orders/find">ask again</a>, or{" "}
        <a href="/help">write to us</a>.
      </p>
    </>
  );
}

function LookupForm(props: FindOrderPageProps) {
  const { typed = NOTHING_TYPED, errors = NO_ERRORS, personCheck = null, isCaught = false } = props;
  const error = (field: LookupField) => (errors.has(field) ? ADVICE[field](typed[field]) : null);
  return (
    <>
      <p class="lead">Tell us its number and the address you ordered with. We send a link to that address.</p>
      {errors.size > 0 && (
        <Notice tone="error" title="Some details are missing or not quite right" focus>
          <ul class="notice-list">
            {[...errors].map((field) => (
              <li>
                <a href={`#field-${field}`}>{LABELS[field]}</a>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {isCaught && personCheck !== null && <PersonCheckNotice secondsLeft={personCheck.secondsLeft} />}
      <form class="form entry-form" method="post" action="/orders/find" data-submit-once="Sending…">
        <Field
          name="number"
          label={LABELS.number}
          hint="In the subject of the e-mails about your order, like ABCD-1234."
          autocomplete="off"
          autocapitalize="characters"
          maxlength={64}
          value={typed.number}
          error={error("number")}
        />
        <Field
          name="email"
          label={LABELS.email}
          type="email"
          inputmode="email"
          autocomplete="email"
          autocapitalize="none"
          maxlength={254}
          value={typed.email}
          error={error("email")}
        />
        <PersonCheck check={personCheck} />
        <button class="button button-wide" type="submit" data-submit-button>
          Send the link
        </button>
      </form>
    </>
  );
}
