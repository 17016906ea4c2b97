/** A question whose answer unfolds; found by the browser's own search in the page, and open where an address names it. */
import type { Child } from "hono/jsx";

export interface QuestionProps {
  /** For addresses such as `/help#charged`. */
  readonly id: string;
  readonly question: string;
  readonly children?: Child;
}

export function Question({ id, question, children }: QuestionProps) {
  return (
    <details class="faq">
      <summary>{question}</summary>
      <div class="faq-answer" id={id}>
        {children}
      </div>
    </details>
  );
}
