/** What the home page shows first: a drop ahead with its countdown, or what is on sale, with one thing to do. */
import type { Product } from "../../src/contracts/catalog.ts";
import { firstSentence } from "../first-sentence.ts";
import { productHref } from "../option-choice.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { STOCK_NOTICE_ANCHOR } from "./stock-notice-form.tsx";
import { CountdownClock } from "./countdown-clock.tsx";
import { ArrowIcon, BellIcon } from "./icons.tsx";
import { ProductPicture } from "./product-picture.tsx";
import { TimeText } from "./time-text.tsx";

export interface HeroProps {
  readonly product: Product;
  /** Epoch ms. */
  readonly now: number;
}

export function Hero({ product, now }: HeroProps) {
  const opensAt = product.dropAt ?? null;
  const ahead = opensAt !== null && Date.parse(opensAt) > now;
  const image = product.images[0];
  const first = product.skus[0];
  const href = productHref(product.slug);
  return (
    <section class="hero" aria-labelledby="hero-title">
      <div class="wrap hero-row">
        <div class="hero-text">
          {ahead && (
            <p class="eyebrow" data-countdown-hides>
              On sale <TimeText at={opensAt} />
            </p>
          )}
          <p class="eyebrow" data-countdown-shows={ahead ? "" : undefined} hidden={ahead}>
            On sale now
          </p>
          <h1 id="hero-title">{product.name}</h1>
          <p class="hero-lead">{firstSentence(product.description)}</p>
          {ahead && first !== undefined && <CountdownClock until={opensAt} sku={first.sku} now={now} />}
          <p class="hero-action">
            <a class="button" href={href}>
              <span data-countdown-hides={ahead ? "" : undefined}>{ahead ? "Get ready" : "Buy now"}</span>
              {ahead && (
                <span data-countdown-shows hidden>
                  Buy now
                </span>
              )}
              <ArrowIcon />
            </a>
            {ahead && (
              <a class="hero-link" href={`${href}#${STOCK_NOTICE_ANCHOR}`} data-countdown-hides>
                <BellIcon />
                Tell me before it opens
              </a>
            )}
          </p>
        </div>
        <div class="hero-picture">
          {image !== undefined && <ProductPicture image={image} sizes={PICTURE_SIZES.hero} priority />}
        </div>
      </div>
    </section>
  );
}
