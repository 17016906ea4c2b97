import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseMailbox, sendEmail } from "./message.ts";

const content = { subject: "Hello", html: "<p>Hello</p>", text: "Hello" };

describe("sending an e-mail", () => {
  it("is taken by the platform's binding in the form it is given", async () => {
    const answers: unknown[] = [];
    await sendEmail(async (message) => answers.push(await env.EMAIL.send(message)), {
      from: "Holdfast <orders@holdfast.example>",
      to: "ada@example.com",
      content,
    });
    expect(answers).toEqual([{ messageId: expect.stringContaining("@holdfast.example") as string }]);
  });

  it("reads the sender with and without a name, and refuses what is no mailbox", () => {
    expect(parseMailbox("Holdfast <orders@holdfast.example>")).toEqual({
      name: "Holdfast",
      email: "orders@holdfast.example",
    });
    expect(parseMailbox("orders@holdfast.example").email).toBe("orders@holdfast.example");
    expect(() => parseMailbox("Holdfast")).toThrow("sender");
  });

  it("keeps a subject on one line, so that it cannot add a header", async () => {
    const subjects: string[] = [];
    await sendEmail(({ subject }) => Promise.resolve(subjects.push(subject)), {
      from: "a@b.example",
      to: "c@d.example",
      content: { ...content, subject: "Hello\r\nBcc: eve@example.com" },
    });
    expect(subjects).toEqual(["Hello Bcc: eve@example.com"]);
  });
});

describe("a message that the binding does not take", () => {
  const sendWith = (fault: unknown) =>
    sendEmail(
      () => {
        throw fault;
      },
      {
        from: "a@b.example",
        to: "c@d.example",
        content,
      },
    );
  const coded = (code: string) => Object.assign(new Error(`${code}: no`), { code });

  it("is refused for good where the error blames the message or its recipient", async () => {
    for (const code of ["E_RECIPIENT_SUPPRESSED", "E_VALIDATION_ERROR", "E_CONTENT_TOO_LARGE"]) {
      expect(await sendWith(coded(code)), code).toBe("refused");
    }
  });

  it("may be taken another time where the service or the store's settings are to blame, or nothing is known", async () => {
    const faults = [
      coded("E_RATE_LIMIT_EXCEEDED"),
      coded("E_DAILY_LIMIT_EXCEEDED"),
      coded("E_INTERNAL_SERVER_ERROR"),
      coded("E_DELIVERY_FAILED"),
      coded("E_SENDER_NOT_VERIFIED"),
      coded("E_SENDER_DOMAIN_NOT_AVAILABLE"),
      coded("E_RECIPIENT_NOT_ALLOWED"),
      coded("E_OF_TOMORROW"),
      new Error("email to c@d.example not allowed"),
      "E_RECIPIENT_SUPPRESSED",
    ];
    for (const fault of faults) await expect(sendWith(fault)).rejects.toBe(fault);
  });
});
