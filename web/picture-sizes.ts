/** How wide each layout shows a picture: the `sizes` from which a browser chooses a file. A preload must name the same as its picture. */
export const PICTURE_SIZES = {
  /**
   * A card of a shelf, four to a row where there is room. The home page's ways into its categories name the same, though they
   * are smaller: most of their pictures are on a shelf, too, and so one file is fetched for both.
   */
  card: "(min-width: 76rem) 17rem, (min-width: 48rem) 22vw, 46vw",
  /** A card beside the filters of a list. */
  results: "(min-width: 78rem) 18.5rem, (min-width: 62rem) 22vw, (min-width: 48rem) 31vw, 46vw",
  /** The home page's first product. */
  hero: "(min-width: 44rem) min(34rem, 43vw, 62vh), min(34rem, 91vw, 62vh)",
  /** The product told at length between the home page's shelves. */
  feature: "(min-width: 44rem) min(39rem, 46vw), 91vw",
  /** A column of the comparison. */
  column: "(min-width: 40rem) 13rem, 8rem",
  /** The product page's main picture. */
  gallery: "(min-width: 78rem) 38rem, (min-width: 46rem) 49vw, 92vw",
  /** A small picture to choose a large one by. */
  thumb: "4.25rem",
  /** A line of the cart or of an order. */
  line: "5.5rem",
} as const;
