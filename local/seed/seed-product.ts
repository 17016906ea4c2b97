/** The shape in which the seed catalog is written down. */

export interface SeedOption {
  name: string;
  label: string;
  values: { value: string; label: string; swatch?: string }[];
}

export interface SeedImage {
  src: string;
  alt: string;
  width: number;
  height: number;
  options: Record<string, string>;
}

export interface SeedSku {
  sku: string;
  name: string;
  options: Record<string, string>;
  unitAmountMinor: number;
  purchaseLimit: number | null;
  initialStock: number;
}

export interface SeedProduct {
  slug: string;
  name: string;
  description: string;
  category: string;
  /** Whether it goes on sale only at the drop time that is chosen when the catalog is seeded. */
  isDrop: boolean;
  options: SeedOption[];
  images: SeedImage[];
  skus: SeedSku[];
  /** What a buyer looks up, in order. */
  details: { label: string; value: string }[];
}

export const CURRENCY = "USD";

/** A colour a product comes in: the option value's parts and what the artwork is drawn in. */
export interface Finish {
  value: string;
  label: string;
  swatch: string;
}

/** One product line as it is written down; its SKUs are every combination of finish and variant. */
export interface ProductLine {
  slug: string;
  /** First part of every SKU. */
  skuPrefix: string;
  name: string;
  description: string;
  category: string;
  purchaseLimit: number | null;
  isDrop?: boolean;
  /** What a picture shows, after the product's name: "in Graphite, front and back". */
  pictureOf: string;
  /** Further pictures of every finish: the end of the file's name, and what it shows, after the product's name and finish. */
  views?: readonly { name: string; pictureOf: string }[];
  finishes: readonly Finish[];
  /** The second option, e.g. storage; without one there is one variant without a name. */
  variantOption?: { name: string; label: string };
  variants: readonly { value: string; label: string; unitAmountMinor: number; stock: number }[];
  /** Stock of single SKUs that differs from their variant's. */
  stockOf?: Readonly<Record<string, number>>;
}

/** Pictures are square drawings. */
const IMAGE_SIZE = 960;

/** Path of the picture of a product in a finish, below the store's origin; without a view, its first one. */
export function imagePath(slug: string, finish: Finish, view?: string): string {
  return `/images/${[slug, finish.value, ...(view === undefined ? [] : [view])].join("-")}.svg`;
}

/** Writes a product line out: options, the pictures of each finish, and a SKU per combination. */
export function expandLine(line: ProductLine): Omit<SeedProduct, "details"> {
  const variantOption = line.variantOption;
  const color: SeedOption = {
    name: "color",
    label: "Finish",
    values: line.finishes.map((finish) => ({ ...finish })),
  };
  const options: SeedOption[] = [color];
  if (variantOption !== undefined) {
    options.push({ ...variantOption, values: line.variants.map(({ value, label }) => ({ value, label })) });
  }
  const skus = line.variants.flatMap((variant) =>
    line.finishes.map((finish): SeedSku => {
      const named = variantOption !== undefined;
      const sku = [line.skuPrefix, ...(named ? [variant.value] : []), finish.value].join("-").toUpperCase();
      return {
        sku,
        name: `${line.name}, ${named ? `${variant.label}, ` : ""}${finish.label}`,
        options: { color: finish.value, ...(named ? { [variantOption.name]: variant.value } : {}) },
        unitAmountMinor: variant.unitAmountMinor,
        purchaseLimit: line.purchaseLimit,
        initialStock: line.stockOf?.[sku] ?? variant.stock,
      };
    }),
  );
  return {
    slug: line.slug,
    name: line.name,
    description: line.description,
    category: line.category,
    isDrop: line.isDrop ?? false,
    options,
    images: line.finishes.flatMap((finish) => {
      const image = (src: string, pictureOf: string): SeedImage => ({
        src,
        alt: `${line.name} in ${finish.label}, ${pictureOf}`,
        width: IMAGE_SIZE,
        height: IMAGE_SIZE,
        options: { color: finish.value },
      });
      return [
        image(imagePath(line.slug, finish), line.pictureOf),
        ...(line.views ?? []).map((view) => image(imagePath(line.slug, finish, view.name), view.pictureOf)),
      ];
    }),
    skus,
  };
}
