/** How, where to and for how much parcels go out: what the checkout goes by. Cacheable. */
import { DISPATCH_CUT_OFF_HOUR } from "../../src/domain/delivery-estimate.ts";
import type { Rates } from "../../src/domain/rates.ts";
import type { ShippingZone } from "../../src/domain/shipping.ts";
import { shippingCountries, type Country } from "../components/countries.ts";
import { Information } from "../components/information.tsx";
import { arePricesFinal, shippingPriceText, shippingPromise } from "../shipping-words.ts";
import type { SiteContext } from "../site.ts";

export interface ShippingPageProps {
  readonly site: SiteContext;
  readonly rates: Rates;
}

export function ShippingPage({ site, rates }: ShippingPageProps) {
  const { zones } = rates;
  return (
    <Information
      site={site}
      path="/shipping"
      title="Shipping"
      description="Delivery times, prices and the countries that Holdfast ships to."
      lead={`${shippingPromise(rates).title}. We sell only what we have in stock, so your parcel never waits for a delivery to us.`}
    >
      {zones.map((zone) => (
        <ZonePrices zone={zone} isOneOfMany={zones.length > 1} />
      ))}
      <p>
        What you order before {DISPATCH_CUT_OFF_HOUR}:00 UTC on a working day leaves the same day, otherwise
        on the next. Working days are Monday to Friday; the checkout tells you the dates.
      </p>
      <p>{taxText(rates)}</p>

      <h2>Following your parcel</h2>
      <p>
        Your order’s page shows every step with its time, and the carrier and tracking number as soon as the
        parcel has left. The link to it is in your confirmation e-mail.
      </p>

      <h2>Where we ship to</h2>
      {zones.map((zone) => (
        <>
          {zones.length > 1 && <h3>{zone.name}</h3>}
          <ul class="places">
            {countriesByName(zone).map(({ name }) => (
              <li>{name}</li>
            ))}
          </ul>
        </>
      ))}

      <h2>If something is wrong with the address</h2>
      <p>
        While the order is not paid, cancel it on its page and order again with the right one. After that{" "}
        <a href="/help#contact">write to us</a> at once: we can change it until the parcel has left.
      </p>
    </Information>
  );
}

function ZonePrices({ zone, isOneOfMany }: { readonly zone: ShippingZone; readonly isOneOfMany: boolean }) {
  return (
    <table>
      <caption>
        {isOneOfMany ? `${zone.name}: prices per order` : "Prices are per order, not per item"}
      </caption>
      <thead>
        <tr>
          <th scope="col">Method</th>
          <th scope="col">On its way</th>
          <th scope="col">Price</th>
        </tr>
      </thead>
      <tbody>
        {zone.methods.map((method) => (
          <tr>
            <th scope="row">{method.name}</th>
            <td>{`${String(method.leastDays)} to ${String(method.mostDays)} working days`}</td>
            <td>{shippingPriceText(method)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function taxText(rates: Rates): string {
  return arePricesFinal(rates)
    ? "The total at checkout is the total you pay: taxes are included in our prices."
    : "Where a tax is added to our prices, the checkout shows it before you pay: the total there is the total you pay.";
}

function countriesByName({ countries }: ShippingZone): Country[] {
  return shippingCountries(countries).sort((a, b) => a.name.localeCompare(b.name, "en"));
}
