/** The way from each page of an account to the others. */

const SECTIONS = {
  overview: ["/account", "Overview"],
  orders: ["/account/orders", "Orders"],
  wishlist: ["/account/wishlist", "Wish list"],
  addresses: ["/account/addresses", "Addresses"],
  security: ["/account/security", "Security"],
  data: ["/account/data", "Your data"],
} as const;
export type AccountSection = keyof typeof SECTIONS;

export function AccountNav({ current }: { readonly current: AccountSection }) {
  return (
    <nav class="info-nav" aria-label="Account">
      {Object.entries(SECTIONS).map(([section, [href, text]]) => (
        <a href={href} aria-current={section === current ? "page" : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}
