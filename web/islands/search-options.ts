/** Draws the suggestions of a search field as the options of a listbox. Every option is a link, so that it can be opened in a new tab. */
import type { SearchAnswer, SearchItem } from "../../src/contracts/search.ts";
import { formatMoney } from "../../src/domain/money.ts";
import { availabilityLabel } from "../availability-label.ts";

/**
 * @param prefix begins the ids of the options
 * @returns the options, in order; empty where there is nothing to offer
 */
export function drawOptions(answer: SearchAnswer, text: string, prefix: string): HTMLElement[] {
  const { didYouMean } = answer;
  const options: HTMLElement[] = [];
  if (didYouMean !== undefined) {
    const option = link(`/search?q=${encodeURIComponent(didYouMean)}`, "search-hint");
    option.append("Did you mean ", element("strong", "", didYouMean), "?");
    options.push(option);
  }
  options.push(...answer.items.map(itemOption));
  if (answer.total > 0) {
    const all = link(`/search?q=${encodeURIComponent(text)}`, "search-all");
    all.append(answer.total === 1 ? "See the result" : `See all ${String(answer.total)} results`);
    options.push(all);
  }
  options.forEach((option, index) => {
    option.id = `${prefix}-option-${String(index)}`;
  });
  return options;
}

/** What is announced: how much there is to choose from. */
export function optionsAnnouncement(answer: SearchAnswer): string {
  const { items, total, didYouMean } = answer;
  if (items.length === 0)
    return didYouMean === undefined ? "No suggestions" : `No products. Did you mean ${didYouMean}?`;
  const shown = items.length === 1 ? "1 product" : `${String(items.length)} products`;
  return total > items.length ? `${shown} of ${String(total)} suggested` : `${shown} suggested`;
}

function itemOption(item: SearchItem): HTMLElement {
  const option = link(`/products/${item.slug}`, "search-item");
  const picture = document.createElement("span");
  picture.className = "search-thumb";
  if (item.image !== undefined) {
    const image = new Image(48, 48);
    image.alt = "";
    image.decoding = "async";
    image.src = item.image.src;
    picture.append(image);
  }
  const name = element("span", "search-name", "");
  for (const part of item.highlight)
    name.append(part.match ? element("mark", "", part.text) : document.createTextNode(part.text));
  const price = `${item.priceVaries ? "From " : ""}${formatMoney(item.price)}`;
  const facts = item.status === "in_stock" ? price : `${price} · ${availabilityLabel(item.status, null)}`;
  option.append(picture, name, element("span", "search-price", facts));
  return option;
}

function link(href: string, className: string): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.className = className;
  anchor.setAttribute("role", "option");
  anchor.setAttribute("aria-selected", "false");
  // The field keeps the focus; options are reached by the arrow keys.
  anchor.tabIndex = -1;
  return anchor;
}

function element(name: string, className: string, text: string): HTMLElement {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}
