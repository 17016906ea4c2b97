/** Where carriers show a parcel's way. */

/** Known carriers, and the address of their page of a parcel up to its tracking number. */
const CARRIERS = {
  USPS: "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
  UPS: "https://www.ups.com/track?tracknum=",
  FedEx: "https://www.fedex.com/fedextrack/?trknbr=",
  DHL: "https://www.dhl.com/global-en/home/tracking.html?submit=1&tracking-id=",
  "Royal Mail": "https://www.royalmail.com/track-your-item#/tracking-results/",
  "Canada Post": "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor=",
} as const satisfies Record<string, string>;

const TABLE = new Map<string, { readonly name: string; readonly page: string }>(
  Object.entries(CARRIERS).map(([name, page]) => [key(name), { name, page }]),
);

/** `fedex` and `Fed Ex` are FedEx; a carrier that is not known keeps the name it was given. */
export function carrierName(typed: string): string {
  return TABLE.get(key(typed))?.name ?? typed;
}

/** The carrier's page of a parcel; null where its carrier is not known. */
export function trackingUrl(carrier: string, trackingNumber: string): string | null {
  const page = TABLE.get(key(carrier))?.page;
  return page === undefined ? null : page + encodeURIComponent(trackingNumber.replaceAll(" ", ""));
}

function key(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
