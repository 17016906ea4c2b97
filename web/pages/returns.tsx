/** Cancelling, sending back, and how the money returns. Cacheable. Props: `ReturnsPageProps`. */
import { Information } from "../components/information.tsx";
import type { SiteContext } from "../site.ts";

export interface ReturnsPageProps {
  readonly site: SiteContext;
  readonly contactEmail: string;
}

/** Counted from the day of delivery. */
const RETURN_DAYS = 30;

export function ReturnsPage({ site, contactEmail }: ReturnsPageProps) {
  return (
    <Information
      site={site}
      path="/returns"
      title="Returns"
      description={`Cancel before it is sent, or send it back within ${String(RETURN_DAYS)} days of delivery. How, and when your money is back.`}
      lead={`Changed your mind? You have ${String(RETURN_DAYS)} days from the day it arrives. Broken, or not what you ordered? Then the return costs you nothing.`}
    >
      <h2>Before it is sent</h2>
      <ul>
        <li>
          <strong>Not paid yet:</strong> press “Cancel this order” on its page. Your items go back on sale at
          once and nothing is charged. Doing nothing has the same effect, a little later.
        </li>
        <li>
          <strong>Paid, not sent:</strong> the same button cancels the order. We stop the parcel and refund
          all of it.
        </li>
      </ul>

      <h2>After it has arrived</h2>
      <ul>
        <li>
          Write to <a href={`mailto:${contactEmail}`}>{contactEmail}</a> with your order’s number and what you
          would like to send back. We answer with the address and a return number.
        </li>
        <li>
          Send it complete, with everything that came in the box, and used no more than it takes to try it.
        </li>
        <li>You pay for the parcel to us, unless the item is broken or the wrong one: then we do.</li>
      </ul>

      <h2>Your money</h2>
      <p>
        Refunds go to the card you paid with: in full when everything comes back, otherwise for what does. We
        start them when the parcel is here; banks take 5 to 10 days to show them. Your order’s page says so as
        well.
      </p>
      <p>
        A payment that was only authorised is not refunded but cancelled: nothing has been taken, and the
        reserved amount disappears from your account by itself.
      </p>

      <h2>Limits per customer</h2>
      <p>What you return no longer counts towards how many you may buy.</p>
    </Information>
  );
}
