/** Questions shoppers have, answered shortly, and how to reach a person. Cacheable. Props: `HelpPageProps`. */
import { Information } from "../components/information.tsx";
import { Question } from "../components/question.tsx";
import type { SiteContext } from "../site.ts";

export interface HelpPageProps {
  readonly site: SiteContext;
  readonly contactEmail: string;
  /** How long units are held for an order. */
  readonly holdMinutes: number;
  /** How long paying may take once it was begun. */
  readonly paymentMinutes: number;
}

export function HelpPage({ site, contactEmail, holdMinutes, paymentMinutes }: HelpPageProps) {
  return (
    <Information
      site={site}
      path="/help"
      title="Help"
      description="How reserving, paying and following an order work at Holdfast, and how to reach us."
      lead={
        <>
          Short answers to what people ask us most. If yours is not among them,{" "}
          <a href="#contact">write&nbsp;to&nbsp;us</a>.
        </>
      }
    >
      <h2>Reserving and paying</h2>
      <Question id="reserved" question="What does “reserved” mean?">
        <p>
          When you press “Reserve and pay”, every item of your order is set aside for you at once, or none is
          and you are told what is left. Nobody else can buy what is set aside for you. Items in a cart are
          not reserved yet.
        </p>
      </Question>
      <Question id="time-to-pay" question="How long do I have to pay?">
        <p>
          {minutes(holdMinutes)} from the moment you reserve. Whoever opens the payment page late still has{" "}
          {minutes(paymentMinutes)} from then. After that the items go back on sale, you pay nothing, and you
          may try again while there are some left.
        </p>
      </Question>
      <Question id="charged" question="When is my card charged?">
        <p>
          First your bank only authorises the amount. We charge it once every item of your order is secured
          for you. If one could not be, the authorisation is cancelled and nothing is taken; some banks show
          it for a few days before it disappears by itself.
        </p>
      </Question>
      <Question id="twice" question="I pressed twice, or my connection broke. Will I pay twice?">
        <p>
          No. The same order sent again meets the order that is there already. Open your order’s page to see
          where it stands.
        </p>
      </Question>
      <Question id="cards" question="How can I pay?">
        <p>
          Cards, and the wallets that use them. Stripe takes the payment; we never see your card’s number.
        </p>
      </Question>

      <h2>On a launch day</h2>
      <Question id="launch" question="How do I get one of the new ones?">
        <p>
          Open the product’s page before the sale begins. It counts down and opens by itself, so there is no
          need to reload. Whoever reserves first gets it; there is no draw, and reloading faster does not
          help.
        </p>
      </Question>
      <Question id="limit" question="Why may I only buy a few?">
        <p>
          So that more people get one. The limit stands beside the product and counts what you hold and what
          you have bought. What lapses, is cancelled or comes back no longer counts.
        </p>
      </Question>
      <Question id="sold-out" question="It is sold out. Will it come back?">
        <p>
          Often: reservations that are not paid go back on sale within the hour. Stock on a product’s page
          updates by itself while you look at it, and there you can leave your e-mail address to be told when
          it is back.
        </p>
      </Question>

      <h2>After you have ordered</h2>
      <Question id="where" question="Where is my order?">
        <p>
          The link in your confirmation e-mail opens your order’s page, with every step and its time. Once the
          parcel has left, its carrier and tracking number stand there too. You need no account, and where the
          e-mail is gone, we <a href="/orders/find">send you the link again</a>.
        </p>
      </Question>
      <Question id="cancel" question="Can I cancel or change it?">
        <p>
          While it is not paid, cancel it on its page and order again. Once it is paid, its page lets you ask
          for your money back as long as it has not been sent. More on this under{" "}
          <a href="/returns">returns</a>.
        </p>
      </Question>

      <section class="contact" aria-labelledby="contact">
        <h2 id="contact">Write to us</h2>
        <p>
          A person reads every message. Tell us the order’s number if it is about an order, and the reference
          on the page if something went wrong there.
        </p>
        <a class="button" href={`mailto:${contactEmail}`}>
          {breakable(contactEmail)}
        </a>
      </section>
    </Information>
  );
}

/** Where it is too long for its line, an address goes on with its `@`. */
function breakable(email: string) {
  const [name = "", domain = ""] = email.split("@");
  return (
    <span>
      {name}
      <wbr />@{domain}
    </span>
  );
}

function minutes(count: number): string {
  return count === 1 ? "1 minute" : `${String(count)} minutes`;
}
