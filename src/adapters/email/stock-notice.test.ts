import { describe, expect, it } from "vitest";
import { renderStockNotice, type StockNoticeInput } from "./stock-notice.ts";

const NOW = Date.UTC(2026, 10, 24, 16);
const input: StockNoticeInput = {
  kind: "restock",
  name: 'Aurora <b>"Pro"</b>, 1 TB',
  productUrl: "https://store.example/products/aurora-pro?sku=A&x=1",
  unsubscribeUrl: "https://store.example/notices/unsubscribe?token=t",
  storeUrl: "https://store.example",
  opensAt: null,
  now: NOW,
};

describe("the e-mail to somebody who waited", () => {
  it("says in text and in HTML what is back and where, with the catalog's words escaped", () => {
    const { subject, text, html } = renderStockNotice(input);
    expect(subject).toBe('Back in stock: Aurora <b>"Pro"</b>, 1 TB');
    expect(text).toContain("See it in the store: https://store.example/products/aurora-pro?sku=A&x=1");
    expect(html).toContain("Aurora &lt;b&gt;&quot;Pro&quot;&lt;/b&gt;");
    expect(html).not.toContain("<b>");
    expect(html).toContain('href="https://store.example/products/aurora-pro?sku=A&amp;x=1"');
  });

  it("offers the way out by header and by link", () => {
    const { headers, text, html } = renderStockNotice(input);
    expect(headers).toEqual({
      "List-Unsubscribe": "<https://store.example/notices/unsubscribe?token=t>",
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    });
    expect(text).toContain("https://store.example/notices/unsubscribe?token=t");
    expect(html).toContain('href="https://store.example/notices/unsubscribe?token=t"');
  });

  it("tells when a drop opens, and that it is open once it is", () => {
    const drop: StockNoticeInput = { ...input, kind: "drop", name: "Fold", opensAt: NOW + 3_600_000 };
    expect(renderStockNotice(drop).text).toContain("Tuesday, November 24 at 5:00 PM UTC");
    expect(renderStockNotice({ ...drop, now: NOW + 3_600_000 }).subject).toBe("On sale now: Fold");
  });
});
