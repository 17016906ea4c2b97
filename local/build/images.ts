/** `npm run images`: encodes the originals in web/public/images for browsers. `--check` only says what is not up to date. */
import { join } from "node:path";
import { STORE_NAME } from "../../web/site.ts";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";
import { SEED_PRODUCTS } from "../seed/catalog.ts";
import { buildPictures, checkPictures, type PictureBuildOptions, type WantedShare } from "./images/build.ts";

/** What the store itself is shared with: the product it is proudest of. */
const STORE_SHARE_PRODUCT = "aurora-fold";

const options: PictureBuildOptions = {
  publicFolder: join(PROJECT_DIRECTORY, "web/public"),
  manifestFile: join(PROJECT_DIRECTORY, "web/picture-manifest.json"),
  tonesFile: join(PROJECT_DIRECTORY, "web/styles/picture-tones.css"),
  markFile: join(PROJECT_DIRECTORY, "web/public/favicon.svg"),
  storeName: STORE_NAME,
  shares: wantedShares(),
  onProgress: (name) => {
    console.log(name);
  },
};

function wantedShares(): WantedShare[] {
  const products = SEED_PRODUCTS.map(({ slug, name, description, images }) => ({
    key: slug,
    title: name,
    text: /^.*?[.!?](?=\s|$)/s.exec(description)?.[0] ?? description,
    picture: images[0]?.src ?? "",
  }));
  const own = products.find(({ key }) => key === STORE_SHARE_PRODUCT);
  if (own === undefined) throw new Error(`the catalog has no ${STORE_SHARE_PRODUCT}`);
  const store = {
    ...own,
    key: "store",
    title: "What you reserve is yours.",
    text: "Phones, tablets and what goes with them. We sell exactly what we have.",
  };
  return [store, ...products];
}

if (process.argv.includes("--check")) {
  const problems = await checkPictures(options);
  for (const problem of problems) console.error(`pictures: ${problem}`);
  if (problems.length > 0) console.error("pictures: run `npm run images` and commit what it writes");
  process.exitCode = problems.length === 0 ? 0 : 1;
} else {
  console.log(`pictures: ${String(await buildPictures(options))} made, the rest were up to date`);
}
