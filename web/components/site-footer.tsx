/** The footer: what the store promises, where to browse, and where to read how it works. */
import { STORE_NAME } from "../site.ts";
import { Mark } from "./icons.tsx";

const COLUMNS = [
  {
    id: "footer-shop",
    title: "Shop",
    links: [
      ["/products", "All products"],
      ["/search", "Search"],
      ["/cart", "Cart"],
    ],
  },
  {
    id: "footer-service",
    title: "Service",
    links: [
      ["/help", "Help and contact"],
      ["/orders/find", "Find an order"],
      ["/shipping", "Shipping"],
      ["/returns", "Returns"],
      ["/privacy", "Privacy"],
    ],
  },
] as const;

export function SiteFooter() {
  return (
    <footer class="site-footer">
      <div class="wrap site-footer-row">
        <div class="site-footer-promise">
          <p class="wordmark">
            <Mark />
            <span>{STORE_NAME}</span>
          </p>
          <p>
            We sell exactly what we have. What you reserve is yours until its time is up, and your card is
            charged only once every item is secured for you.
          </p>
        </div>
        <nav class="site-footer-nav" aria-label="Footer">
          {COLUMNS.map(({ id, title, links }) => (
            <div>
              <p id={id}>{title}</p>
              <ul aria-labelledby={id}>
                {links.map(([href, text]) => (
                  <li>
                    <a href={href}>{text}</a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <p class="site-footer-name">© {STORE_NAME}</p>
      </div>
    </footer>
  );
}
