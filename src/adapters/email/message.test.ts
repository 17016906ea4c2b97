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
