import { describe, expect, it } from "vitest";
import { orderIdEnding, orderNumber } from "./number.ts";

const ORDER_ID = "1k7mq2v9x4b8n3t6w0z5c1d8f2g01234567";

describe("an order's number", () => {
  it("is the end of its id, in capitals and in two groups", () => {
    expect(orderNumber(ORDER_ID)).toBe("0123-4567");
    expect(orderNumber("xxxxabcdefgh")).toBe("ABCD-EFGH");
  });

  it("is understood however somebody types it", () => {
    for (const typed of [
      orderNumber(ORDER_ID),
      "01234567",
      " 0123 4567 ",
      "0123–4567",
      "０１２３－４５６７",
      "#0123-4567",
    ])
      expect(ORDER_ID.endsWith(orderIdEnding(typed) ?? "nothing")).toBe(true);
    expect(orderIdEnding("ABCD-OILG")).toBe("abcd011g");
  });

  it("is not any other text", () => {
    for (const typed of ["", "0123-456", "ada@example.com", ORDER_ID, "0123_4567"])
      expect(orderIdEnding(typed)).toBeNull();
  });
});
