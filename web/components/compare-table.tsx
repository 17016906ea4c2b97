/** Up to three products side by side. A real table: it is read by rows and by columns, and scrolls sideways on a phone. */
import type { Product } from "../../src/contracts/catalog.ts";
import { compareHref } from "../compare-address.ts";
import { comparedRows } from "../comparison.ts";
import { lowestPrice, productHref } from "../option-choice.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { MoneyText } from "./money.tsx";
import { ProductPicture } from "./product-picture.tsx";
import { StockLabel } from "./stock-label.tsx";
import { SwatchDot } from "./swatch-dot.tsx";

export function CompareTable({ products }: { readonly products: readonly Product[] }) {
  return (
    <div class="compare-scroll" role="region" aria-labelledby="compare-title" tabindex={0}>
      <table class="compare">
        <thead>
          <tr>
            <td></td>
            {products.map((product) => (
              <th scope="col">
                <Head product={product} others={products.filter((other) => other !== product)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Price</th>
            {products.map((product) => (
              <td>
                <Price product={product} />
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Stock</th>
            {products.map(({ status }) => (
              <td>
                <StockLabel status={status} available={null} />
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Finish</th>
            {products.map((product) => (
              <td>
                <Finishes product={product} />
              </td>
            ))}
          </tr>
          {comparedRows(products).map(({ label, values }) => (
            <tr>
              <th scope="row">{label}</th>
              {values.map((value) => (
                <td>{value ?? <Nothing />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ product, others }: { readonly product: Product; readonly others: readonly Product[] }) {
  const [image] = product.images;
  return (
    <div class="compare-head">
      <a class="compare-product" href={productHref(product.slug)}>
        <span class="tile-picture">
          {image !== undefined && (
            <ProductPicture image={image} sizes={PICTURE_SIZES.column} decorative priority />
          )}
        </span>
        {product.name}
      </a>
      {others.length > 0 && (
        <a class="compare-remove" href={compareHref(others.map(({ slug }) => slug))}>
          Remove<span class="visually-hidden"> {product.name}</span>
        </a>
      )}
    </div>
  );
}

function Price({ product }: { readonly product: Product }) {
  const from = lowestPrice(product);
  if (from === null) return <Nothing />;
  return (
    <>
      {from.varies && "From "}
      <MoneyText amount={from.price.amount} currency={from.price.currency} />
    </>
  );
}

function Finishes({ product }: { readonly product: Product }) {
  const colors = product.options.flatMap(({ values }) => values.filter(({ swatch }) => swatch !== undefined));
  if (colors.length === 0) return <Nothing />;
  return (
    <>
      <span class="compare-swatches">
        {colors.map(({ swatch }) => (
          <SwatchDot color={swatch ?? ""} />
        ))}
      </span>
      {colors.map(({ label }) => label).join(", ")}
    </>
  );
}

function Nothing() {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span class="visually-hidden">not stated</span>
    </>
  );
}
