/** One line of the cart: what it is, what it costs, how many, and what stands in the way of ordering it. */
import { canBeBought } from "../availability-label.ts";
import { lineProblem, type CartLineView } from "../cart-check.ts";
import { productHref } from "../option-choice.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { AlertIcon } from "./icons.tsx";
import { ItemName } from "./item-name.tsx";
import { MoneyText } from "./money.tsx";
import { ProductPicture } from "./product-picture.tsx";
import { QuantitySelect } from "./quantity-select.tsx";
import { StockLabel } from "./stock-label.tsx";

/** Where it takes two lines, the product is on the first and what was chosen of it on the second. */
function LineName({ name }: { readonly name: string }) {
  const [product = "", ...chosen] = name.split(", ");
  if (chosen.length === 0) return <ItemName name={name} />;
  return (
    <>
      <span class="cart-line-part">
        <ItemName name={`${product},`} />
      </span>{" "}
      <span class="cart-line-part">
        <ItemName name={chosen.join(", ")} />
      </span>
    </>
  );
}

export function CartLine({ line }: { readonly line: CartLineView }) {
  const action = `/cart/lines/${encodeURIComponent(line.sku)}`;
  const { amount, currency } = line.unitPrice;
  const problem = lineProblem(line);
  const problemId = `problem-${line.sku}`;
  const gone = !canBeBought(line.status);
  const name = <LineName name={line.name} />;
  const href = line.slug === undefined ? null : productHref(line.slug, line.sku);
  return (
    <li class="cart-line" data-problem={problem === null ? undefined : ""}>
      <div class="cart-line-picture">
        {line.image !== undefined && (
          <ProductPicture image={line.image} sizes={PICTURE_SIZES.line} priority decorative />
        )}
      </div>
      <p class="cart-line-name">{href === null ? name : <a href={href}>{name}</a>}</p>
      <div class="cart-line-state">
        {line.quantity > 1 && (
          <p class="cart-line-unit">
            <MoneyText amount={amount} currency={currency} /> each
          </p>
        )}
        <StockLabel sku={line.sku} status={line.status} available={line.available} />
      </div>
      <p class="cart-line-sum">
        <MoneyText amount={amount * line.quantity} currency={currency} />
      </p>
      <div class="cart-line-actions">
        {problem !== null && (
          <p class="cart-line-problem" id={problemId}>
            <AlertIcon />
            {problem}
          </p>
        )}
        {!gone && (
          <form class="cart-line-quantity" method="post" action={action} data-cart-form>
            <QuantitySelect
              id={`quantity-${line.sku}`}
              selected={line.quantity}
              limit={line.purchaseLimit}
              label={`Quantity of ${line.name}`}
              {...(problem === null ? {} : { describedBy: problemId })}
            />
            <button class="button button-small" data-look="quiet" type="submit" data-submit-button>
              Update<span class="visually-hidden"> the quantity of {line.name}</span>
            </button>
          </form>
        )}
        <form method="post" action={`${action}/remove`} data-cart-form>
          <button
            id={`remove-${line.sku}`}
            {...(gone ? { class: "button button-small", "data-look": "quiet" } : { class: "link-button" })}
            type="submit"
          >
            Remove<span class="visually-hidden"> {line.name}</span>
          </button>
        </form>
      </div>
    </li>
  );
}
