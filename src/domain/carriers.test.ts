/** Tracking links: of known carriers alone, and never to anywhere else. */
import { describe, expect, it } from "vitest";
import { carrierName, trackingUrl } from "./carriers.ts";

describe("a tracking link", () => {
  it("leads to the carrier's page of the parcel, however its name was typed", () => {
    expect(trackingUrl("UPS", "1Z 999 AA1")).toBe("https://www.ups.com/track?tracknum=1Z999AA1");
    expect(trackingUrl("fed ex", "7")).toBe("https://www.fedex.com/fedextrack/?trknbr=7");
    expect(trackingUrl("royal-mail", "AB1GB")).toBe(
      "https://www.royalmail.com/track-your-item#/tracking-results/AB1GB",
    );
    expect(carrierName("fed ex")).toBe("FedEx");
  });

  it("is none where the carrier is not known, whose name stays as it is", () => {
    expect(trackingUrl("Bike Messenger", "7")).toBeNull();
    expect(carrierName("Bike Messenger")).toBe("Bike Messenger");
  });

  it("keeps a number from becoming part of the address", () => {
    expect(trackingUrl("UPS", "1&x=../#")).toBe("https://www.ups.com/track?tracknum=1%26x%3D..%2F%23");
  });
});
