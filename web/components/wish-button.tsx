/**
 * The heart that puts a SKU on the wish list. The page is everybody's: whether it is on the list already arrives apart, and
 * then the browser takes it off, too.
 */
import { HeartIcon } from "./icons.tsx";

export function WishButton({ sku }: { readonly sku: string }) {
  return (
    <form class="wish" method="post" action="/account/wishlist" data-wish>
      <input type="hidden" name="sku" value={sku} />
      <button class="link-button" type="submit" id="wish">
        <HeartIcon />
        <span data-wish-text>Add to wish list</span>
      </button>
    </form>
  );
}
