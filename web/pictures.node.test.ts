import { jsx } from "hono/jsx";
import { describe, expect, it } from "vitest";
import type { ProductImage } from "../src/contracts/catalog.ts";
import { ImageDeliveryContext, picturePreload, ProductPicture } from "./components/product-picture.tsx";
import { Document } from "./document.tsx";
import manifest from "./picture-manifest.json" with { type: "json" };
import { PICTURE_SIZES } from "./picture-sizes.ts";
import { shareImage, type ImageDelivery } from "./pictures.ts";
import { renderPage } from "./render.ts";

const [src = ""] = Object.keys(manifest.pictures);
const built: ProductImage = { src, alt: "A phone & its back", width: 960, height: 960, options: {} };
const uploaded: ProductImage = { ...built, src: "/images/uploaded.jpg", width: 800, height: 800 };

function picture(image: ProductImage, delivery: ImageDelivery, props: object = {}): string {
  const element = jsx(ProductPicture, { image, sizes: PICTURE_SIZES.card, ...props });
  return jsx(ImageDeliveryContext.Provider, { value: delivery }, element).toString() as string;
}

const attribute = (html: string, tag: string, name: string) =>
  new RegExp(`<${tag}[^>]*\\s${name}="([^"]*)"`).exec(html)?.[1] ?? null;
const widths = (srcset: string | null) =>
  [...(srcset ?? "").matchAll(/ (\d+)w/g)].map(([, width]) => Number(width));

describe("a product's picture", () => {
  it("offers AVIF and WebP in several widths, with the layout's sizes and a size of its own", () => {
    const html = picture(built, "files");
    expect(widths(attribute(html, "source", "srcset"))).toEqual([160, 320, 480, 640, 960, 1280]);
    expect(attribute(html, "source", "type")).toBe("image/avif");
    expect(widths(attribute(html, "img", "srcset"))).toEqual([320, 640, 1280]);
    expect(attribute(html, "img", "src")).toMatch(/^\/pictures\/[a-z0-9-]+\.[0-9a-f]{10}-640\.webp$/);
    for (const tag of ["source", "img"]) expect(attribute(html, tag, "sizes")).toBe(PICTURE_SIZES.card);
    expect([attribute(html, "img", "width"), attribute(html, "img", "height")]).toEqual(["960", "960"]);
    expect(attribute(html, "img", "class")).toMatch(/^picture tone-\d+$/);
  });

  it("waits until it comes near, unless it is the page's main picture", () => {
    expect(attribute(picture(built, "files"), "img", "loading")).toBe("lazy");
    const main = picture(built, "files", { priority: true });
    expect([attribute(main, "img", "loading"), attribute(main, "img", "fetchpriority")]).toEqual([
      "eager",
      "high",
    ]);
  });

  it("is silent beside its name, and says what it shows elsewhere", () => {
    expect(picture(built, "files", { decorative: true })).toContain('alt=""');
    expect(picture(built, "files")).toContain('alt="A phone &amp; its back"');
  });

  it("comes from Cloudflare Images where the deployment has them, which choose the format", () => {
    const html = picture(built, "cloudflare");
    expect(html).not.toContain("<source");
    const srcset = attribute(html, "img", "srcset") ?? "";
    expect(widths(srcset)).toEqual([160, 320, 480, 640, 960, 1280]);
    for (const candidate of srcset.split(", ")) {
      expect(candidate).toMatch(
        /^\/cdn-cgi\/image\/width=(\d+),fit=scale-down,quality=\d+,format=auto\/pictures\/\S+-1280\.webp \1w$/,
      );
    }
  });

  it("that came after the build is shown as it is, or by Cloudflare Images no wider than it is", () => {
    const plain = picture(uploaded, "files");
    expect([attribute(plain, "img", "src"), attribute(plain, "img", "srcset")]).toEqual([uploaded.src, null]);
    const html = picture(uploaded, "cloudflare");
    expect(widths(attribute(html, "img", "srcset"))).toEqual([160, 320, 480, 640]);
    expect(attribute(html, "img", "src")).toContain(`format=auto${uploaded.src}`);
    const drawing = picture({ ...uploaded, src: "/images/uploaded.svg" }, "cloudflare");
    expect(attribute(drawing, "img", "src")).toBe("/images/uploaded.svg");
  });

  it("is fetched early under exactly the candidates it shows itself with", () => {
    for (const delivery of ["files", "cloudflare"] as const) {
      const shown = picture(built, delivery, { priority: true });
      const preload = picturePreload({ image: built, sizes: PICTURE_SIZES.card, delivery }) as string;
      const tag = delivery === "files" ? "source" : "img";
      expect(attribute(preload, "link", "imagesrcset")).toBe(attribute(shown, tag, "srcset"));
      expect(attribute(preload, "link", "imagesizes")).toBe(attribute(shown, tag, "sizes"));
      expect(attribute(preload, "link", "type")).toBe(delivery === "files" ? "image/avif" : null);
    }
  });
});

describe("a page", () => {
  const page = (props: object) =>
    renderPage(
      jsx(
        Document,
        { site: { origin: "https://store.example", imageDelivery: "cloudflare" }, title: "Phone", ...props },
        jsx(ProductPicture, { image: built }),
      ) as never,
    );

  it("hands its deployment's delivery down to every picture, and the next page its own", () => {
    expect(page({})).toContain("/cdn-cgi/image/");
    expect(page({ site: { origin: "https://store.example" } })).not.toContain("/cdn-cgi/image/");
  });

  it("that is worth finding has one address, and a picture for where it is shared", () => {
    const html = page({
      canonicalPath: "/products/aurora-pro",
      shareProduct: { slug: "aurora-pro", name: "Aurora Pro" },
    });
    expect(html).toContain('<link rel="canonical" href="https://store.example/products/aurora-pro"');
    const share = shareImage("aurora-pro");
    expect(share?.path).toContain("/share-aurora-pro.");
    expect(html).toContain(`<meta property="og:image" content="https://store.example${share?.path ?? ""}"`);
    expect(html).toContain('<meta property="og:image:width" content="1200"');
    expect(html).not.toContain('content="noindex"');
    const unknown = page({ canonicalPath: "/products/new", shareProduct: { slug: "new", name: "New" } });
    expect(unknown).toContain(`content="https://store.example${shareImage()?.path ?? "missing"}"`);
  });

  it("that is personal is not listed, and says nothing to those who share it", () => {
    const html = page({});
    expect(html).toContain('<meta name="robots" content="noindex"');
    expect(html).not.toMatch(/og:|rel="canonical"/);
  });
});
