/** The frame of the pages that lead into an account: one narrow column, and what was answered above it. Personal, never cached. */
import type { Child } from "hono/jsx";
import { NO_MESSAGES, type FieldMessages } from "../account-rules.ts";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";
import { AccountFieldProblems } from "./account-fields.tsx";
import { AccountNotice, TooOftenNotice, type AccountMessage } from "./account-notice.tsx";

/** What the page says of the form that was sent, or of what led here. */
export interface AccountAnswer {
  readonly errors: FieldMessages;
  readonly message: AccountMessage | null;
  /** Set where somebody tried too often. */
  readonly retryAfterSeconds: number | null;
}
export const NO_ANSWER: AccountAnswer = { errors: NO_MESSAGES, message: null, retryAfterSeconds: null };

export function AnswerNotice({ answer }: { readonly answer: AccountAnswer }) {
  const { errors, message, retryAfterSeconds } = answer;
  if (retryAfterSeconds !== null) return <TooOftenNotice retryAfterSeconds={retryAfterSeconds} />;
  if (message !== null) return <AccountNotice message={message} />;
  return <AccountFieldProblems errors={errors} />;
}

export interface AccountEntryProps {
  readonly site: SiteContext;
  readonly title: string;
  readonly lead?: Child;
  readonly answer?: AccountAnswer;
  readonly children?: Child;
}

export function AccountEntry({ site, title, lead, answer = NO_ANSWER, children }: AccountEntryProps) {
  return (
    <Document site={site} title={title} script="account">
      <div class="wrap page-top">
        <div class="entry">
          <h1>{title}</h1>
          {lead !== undefined && <p class="lead">{lead}</p>}
          <AnswerNotice answer={answer} />
          {children}
        </div>
      </div>
    </Document>
  );
}
