/** A shopper's steps through the pages that several journeys take, and what every journey expects of the pages. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Visit } from "./browser.ts";

export interface Complaints {
  /** Leaves out what the test brought about on purpose. */
  forget(isExpected: (complaint: string) => boolean): void;
}

/** Runs a journey, and expects that the pages complained of nothing. A failure is photographed where asked for. */
export async function during(
  visited: Visit,
  journey: (visited: Visit, complaints: Complaints) => Promise<void>,
): Promise<void> {
  const expected: ((complaint: string) => boolean)[] = [];
  try {
    await journey(visited, { forget: (isExpected) => expected.push(isExpected) });
    expect(visited.complaints.filter((complaint) => !expected.some((matches) => matches(complaint)))).toEqual(
      [],
    );
  } catch (error) {
    await visited.photograph("failure");
    const shown = await visited.page
      .locator("main")
      .innerText()
      .catch(() => "nothing");
    throw new Error(`at ${visited.page.url()}, which shows:\n${shown}\n${visited.complaints.join("\n")}`, {
      cause: error,
    });
  } finally {
    await visited.end();
  }
}

/** Presses "Check out" beside the cart's total: for phones there is another one, which is shown as long as the style sheet is on its way. */
export async function checkOut(page: Page): Promise<void> {
  await page.getByRole("complementary").getByRole("link", { name: "Check out" }).click();
}

export async function fillCheckout(page: Page, email: string): Promise<void> {
  await page.getByRole("heading", { name: "Checkout" }).waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Full name").fill("Ada Lovelace");
  await page.getByLabel("Street and number").fill("1 Main St");
  await page.getByLabel("ZIP code").fill("62701");
  await page.getByLabel("City").fill("Springfield");
  await page.getByLabel("State").fill("IL");
}

export async function fillCard(page: Page, number: string): Promise<void> {
  const frame = page.frameLocator('iframe[title="Secure payment input frame"]');
  await frame.getByLabel("Card number").fill(number);
  await frame.getByLabel("Expiration date").fill("1234");
  await frame.getByLabel("Security code").fill("123");
}
