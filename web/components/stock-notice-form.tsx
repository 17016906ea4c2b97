/**
 * "Tell me when it is back", "tell me before it opens": one field and what happens with the address. A plain form that posts
 * to `/products/{slug}/notices` and comes back to the product's page.
 */
import type { ProductSku } from "../../src/contracts/catalog.ts";
import { productHref } from "../option-choice.ts";
import { BellIcon } from "./icons.tsx";
import { Notice } from "./notice.tsx";

/** Where on a product's page the form stands. */
export const STOCK_NOTICE_ANCHOR = "tell-me";

/** What became of the last request: kept, or refused with what was typed. */
export type StockNoticeState =
  { readonly kind: "asked" } | { readonly kind: "refused"; readonly email: string; readonly error: string };

export interface StockNoticeFormProps {
  readonly slug: string;
  readonly sku: ProductSku;
  /** Whether a drop's opening is waited for, rather than units. */
  readonly ahead: boolean;
  /** Not shown as long as there is something to buy; browser code shows it when that ends. */
  readonly hidden: boolean;
  readonly state: StockNoticeState | null;
}

const FIELD_ID = "notice-email";

export function StockNoticeForm({ slug, sku, ahead, hidden, state }: StockNoticeFormProps) {
  if (state?.kind === "asked") return <Asked ahead={ahead} />;
  const error = state?.error ?? null;
  return (
    <form
      class="tell-me"
      id={STOCK_NOTICE_ANCHOR}
      method="post"
      action={`${productHref(slug)}/notices`}
      data-stock-notice={ahead ? "drop" : "restock"}
      data-countdown-hides={ahead ? "" : undefined}
      hidden={hidden}
    >
      <input type="hidden" name="sku" value={sku.sku} />
      <label class="tell-me-title" for={FIELD_ID}>
        <BellIcon />
        {ahead ? "Tell me before it opens" : "Tell me when it is back"}
      </label>
      <div class="field" data-invalid={error === null ? undefined : ""}>
        <div class="tell-me-row">
          <input
            class="input"
            id={FIELD_ID}
            name="email"
            type="email"
            placeholder="you@example.com"
            autocomplete="email"
            autocapitalize="none"
            spellcheck={false}
            maxlength={254}
            required
            value={state?.email ?? ""}
            aria-invalid={error === null ? undefined : "true"}
            aria-describedby={error === null ? "notice-consent" : "notice-error notice-consent"}
            autofocus={error === null ? undefined : true}
          />
          <button class="button" data-look="quiet" type="submit">
            Tell me
          </button>
        </div>
        {error !== null && (
          <p class="field-error" id="notice-error">
            {error}
          </p>
        )}
      </div>
      <p class="fine" id="notice-consent">
        We use your address for this one message and forget it within a month of it.{" "}
        <a href="/privacy">Privacy</a>
      </p>
    </form>
  );
}

function Asked({ ahead }: { readonly ahead: boolean }) {
  return (
    <div id={STOCK_NOTICE_ANCHOR}>
      <Notice tone="success" title="We will tell you." focus>
        <p>
          {ahead
            ? "One message, about an hour before the sale opens."
            : "One message, as soon as it can be had again. Whoever asked first is told first."}
        </p>
      </Notice>
    </div>
  );
}
