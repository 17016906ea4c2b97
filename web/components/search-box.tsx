/**
 * Where a shopper types what they look for: a plain form, which browser code turns into a combobox with suggestions
 * (web/islands/search-box.ts). That code is fetched when somebody turns to the field, from the address in `data-script`.
 */
import { MAX_QUERY_LENGTH } from "../../src/contracts/search.ts";
import { assetPath } from "../asset-manifest.ts";
import { ArrowIcon, SearchIcon } from "./icons.tsx";

export interface SearchBoxProps {
  /** Id of the field; one page may hold two boxes. */
  readonly id: string;
  /** What was searched for. */
  readonly text?: string;
  /** In the header the box folds into an icon on a phone, until it has the focus. */
  readonly place: "header" | "page";
}

export function SearchBox({ id, text = "", place }: SearchBoxProps) {
  return (
    <form
      class="search"
      data-place={place}
      role="search"
      aria-label={place === "header" ? "Store" : "This page"}
      action="/search"
      data-search-box
      data-script={assetPath("search-box.js")}
    >
      <label class="visually-hidden" for={id}>
        Search the store
      </label>
      <SearchIcon class="search-icon" />
      <input
        id={id}
        class="search-input"
        type="search"
        name="q"
        value={text}
        placeholder="Search"
        maxlength={MAX_QUERY_LENGTH}
        autocomplete="off"
        autocapitalize="none"
        autocorrect="off"
        spellcheck={false}
        enterkeyhint="search"
      />
      <button class="search-go" type="submit" aria-label="Search">
        <ArrowIcon />
      </button>
    </form>
  );
}
