/**
 * What this store keeps about people, in full and no more. Every sentence is about code that is there: whoever changes what is
 * stored, set as a cookie or sent elsewhere changes this page. Cacheable. Props: `PrivacyPageProps`.
 */
import { Information } from "../components/information.tsx";
import type { SiteContext } from "../site.ts";

export interface PrivacyPageProps {
  readonly site: SiteContext;
  readonly contactEmail: string;
}

const COOKIES = [
  [["__Host-cart"], "Which cart is yours.", "30 days after you last used it"],
  [["__Host-orders"], "The right to the orders placed or opened in this browser, ten at most.", "30 days"],
  [["__Host-asked"], "Confirms that you asked to be notified.", "10 minutes"],
  [["__Host-checkout"], "Which order your cart became, so that a paid order empties it.", "30 days"],
  [
    ["__Host-shopper"],
    "Says that there is a cart to ask for, so that pages need not ask for nothing.",
    "30 days",
  ],
  [
    ["__Host-session", "__Host-session-copy", "__Host-account", "__Host-brief"],
    "That you are signed in. Only with an account.",
    "Until you sign out, or 30 days after your last visit",
  ],
  [["__Host-passkey"], "The question that your passkey answers while you sign in.", "A few minutes"],
  [["__Host-known"], "That your account was used in this browser before.", "A year"],
] as const;

export function PrivacyPage({ site, contactEmail }: PrivacyPageProps) {
  return (
    <Information
      site={site}
      path="/privacy"
      title="Privacy"
      description="What Holdfast keeps about you, why, for how long, and who else sees it. No advertising, no tracking."
      lead="We keep what an order needs and nothing to follow you with: no advertising, no profiles, no trackers of others, and no cookie before you fill a cart, ask to be notified, open an order or sign in."
    >
      <h2>What we keep</h2>
      <dl class="facts">
        <div>
          <dt>Your order</dt>
          <dd>Your e-mail address, name and delivery address, what you ordered, its price and its steps.</dd>
          <dd>To deliver it and to answer for it. Kept until you ask us to erase it.</dd>
        </div>
        <div>
          <dt>Your cart</dt>
          <dd>Products and quantities, under a random number. Not your name.</dd>
          <dd>Removed about a month after you last changed it.</dd>
        </div>
        <div>
          <dt>Your payment</dt>
          <dd>
            That it was authorised, taken or refunded, and how much. Card details go from your browser
            straight to Stripe; they never reach us.
          </dd>
          <dd>Kept with the order.</dd>
        </div>
        <div>
          <dt>Invoices</dt>
          <dd>
            What an invoice or credit note says: your name, address and e-mail address, what you bought, taxes
            and payment. Made when you open the invoice of a paid order.
          </dd>
          <dd>
            We’re legally required to keep invoices: ten years from the end of the year, also where you ask us
            to erase the order or your account.
          </dd>
        </div>
        <div>
          <dt>Stock records</dt>
          <dd>
            To honour limits per customer, stock records know a buyer by codes that we compute with a secret
            key: from the account or the e-mail address and, for what is limited, from the mark by which
            Stripe tells cards apart. None can be turned back.
          </dd>
          <dd>Kept with the stock’s history.</dd>
        </div>
        <div>
          <dt>Checkout form</dt>
          <dd>What you type stays in this browser tab, so that a reload loses nothing.</dd>
          <dd>
            Gone when the order is paid or the tab is closed. It is not sent to us before you press the
            button.
          </dd>
        </div>
        <div>
          <dt>Your account, if you make one</dt>
          <dd>
            Name and e-mail address, your password only as a fingerprint that cannot be turned back, the
            public half of your passkeys; and where you are signed in, with network address and browser.
          </dd>
          <dd>Sessions end 30 days after your last visit; the rest is kept until you delete the account.</dd>
        </div>
        <div>
          <dt>Notices you ask for</dt>
          <dd>The e-mail address to tell when a product is back, and which product.</dd>
          <dd>
            Each e-mail has a link that ends it. Removed a month after it was sent, at the latest after a
            year.
          </dd>
        </div>
      </dl>

      <h2>Cookies</h2>
      <p>
        All are our own and needed for what you do here. None goes to another site, and none but{" "}
        <code>__Host-shopper</code> can be read by scripts.
      </p>
      <dl class="facts">
        {COOKIES.map(([names, purpose, lifetime]) => (
          <div>
            <dt>
              {names.map((name) => (
                <code>{name}</code>
              ))}
            </dt>
            <dd>{purpose}</dd>
            <dd>{lifetime}.</dd>
          </div>
        ))}
      </dl>
      <p>
        Beside cookies, your browser keeps one page of ours, for when you are offline. Nothing of yours is in
        it.
      </p>

      <h2>What we measure</h2>
      <p>
        One visit in ten tells us how fast a page was: five figures and the kind of page, such as “product”.
        No address, no cookie, no number for you or your device goes into it, so nobody, ourselves included,
        can say whose visit it was. Our logs hold no names, addresses or e-mail addresses.
      </p>
      <p>
        Your network address is used for a few seconds to keep one network from taking the store away from
        everybody else. It is kept only with the sessions of an account.
      </p>

      <h2>Who else is involved</h2>
      <dl class="facts">
        <div>
          <dt>Cloudflare</dt>
          <dd>
            Runs the store and sends our e-mail. It sees your network address, as everybody does who delivers
            a page to you, and keeps technical logs of requests for a few days.
          </dd>
        </div>
        <div>
          <dt>Stripe</dt>
          <dd>
            Takes payments. From us it learns the amount and the order’s number, from you the card. Its script
            is loaded on the payment page only; against fraud it may set cookies of its own there.
          </dd>
        </div>
        <div>
          <dt>Neon, Upstash</dt>
          <dd>
            Neon holds our database, with the orders in it. Upstash holds short-lived copies of the catalog
            and of stock figures, and the sessions of accounts; nothing of an order.
          </dd>
        </div>
      </dl>
      <p>We sell no data and give none to anybody else.</p>

      <h2>Your rights</h2>
      <p>
        Write to <a href={`mailto:${contactEmail}`}>{contactEmail}</a> from the address you ordered with. We
        tell you what we hold, correct it, or erase it: e-mail address, name and delivery address then leave
        our records for good. What was sold, when and for how much stays for our accounts, without you in it.
      </p>
    </Information>
  );
}
