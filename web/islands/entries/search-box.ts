/** Search suggestions: fetched by search-loader.ts when a search field is turned to. */
export { enhanceSearchBox } from "../search-box.ts";
