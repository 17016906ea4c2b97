/** The footer: what the store promises, in one line each. */
import { STORE_NAME } from "../site.ts";

export function SiteFooter() {
  return (
    <footer class="site-footer">
      <div class="wrap site-footer-row">
        <p class="site-footer-promise">
          We sell exactly what we have. What you reserve is yours until its time is up, and your card is
          charged only once every item is secured for you.
        </p>
        <nav class="site-footer-nav" aria-label="Footer">
          <a href="/products">All products</a>
          <a href="/cart">Cart</a>
        </nav>
        <p class="site-footer-name">© {STORE_NAME}</p>
      </div>
    </footer>
  );
}
