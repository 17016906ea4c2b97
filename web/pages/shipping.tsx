/** How, where to and for how much parcels go out. Times, prices and countries are those that the checkout uses. Cacheable. */
import { DISPATCH_CUT_OFF_HOUR, TRANSIT_DAYS } from "../../src/domain/delivery-estimate.ts";
import { SHIPPING_AMOUNT_MINOR, SHIPPING_METHODS, type ShippingMethod } from "../../src/domain/pricing.ts";
import { shippingCountries, type Country } from "../components/countries.ts";
import { Information } from "../components/information.tsx";
import { MoneyText } from "../components/money.tsx";
import type { SiteContext } from "../site.ts";

export interface ShippingPageProps {
  readonly site: SiteContext;
}

/** The currency of the catalog, and so of shipping. */
const CURRENCY = "USD";

const NAMES: Readonly<Record<ShippingMethod, string>> = { standard: "Standard", express: "Express" };

export function ShippingPage({ site }: ShippingPageProps) {
  return (
    <Information
      site={site}
      path="/shipping"
      title="Shipping"
      description="Delivery times, prices and the countries that Holdfast ships to."
      lead="Standard shipping is free on every order. We sell only what is here, so no parcel waits for a delivery to us."
    >
      <table>
        <caption>Prices are per order, not per item</caption>
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">On its way</th>
            <th scope="col">Price</th>
          </tr>
        </thead>
        <tbody>
          {SHIPPING_METHODS.map((method) => (
            <tr>
              <th scope="row">{NAMES[method]}</th>
              <td>{onItsWay(method)}</td>
              <td>
                {SHIPPING_AMOUNT_MINOR[method] === 0 ? (
                  "Free"
                ) : (
                  <MoneyText amount={SHIPPING_AMOUNT_MINOR[method]} currency={CURRENCY} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        What you order before {DISPATCH_CUT_OFF_HOUR}:00 UTC on a working day leaves the same day, otherwise
        on the next. Working days are Monday to Friday; the checkout tells you the dates.
      </p>
      <p>The total at checkout is the total you pay: tax is in the prices.</p>

      <h2>Following your parcel</h2>
      <p>
        Your order’s page shows every step with its time, and the carrier and tracking number as soon as the
        parcel has left. The link to it is in your confirmation e-mail.
      </p>

      <h2>Where we ship to</h2>
      <ul class="places">
        {countriesByName().map(({ name }) => (
          <li>{name}</li>
        ))}
      </ul>

      <h2>If something is wrong with the address</h2>
      <p>
        While the order is not paid, cancel it on its page and order again with the right one. After that{" "}
        <a href="/help#contact">write to us</a> at once: we can change it until the parcel has left.
      </p>
    </Information>
  );
}

function onItsWay(method: ShippingMethod): string {
  const { least, most } = TRANSIT_DAYS[method];
  return `${String(least)} to ${String(most)} working days`;
}

function countriesByName(): Country[] {
  return shippingCountries().sort((a, b) => a.name.localeCompare(b.name, "en"));
}
