/** An amount of money as text. */
import { formatMoney } from "../../src/domain/money.ts";

export interface MoneyTextProps {
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly class?: string;
}

export function MoneyText({ amount, currency, ...rest }: MoneyTextProps) {
  return <span class={`money ${rest.class ?? ""}`.trim()}>{formatMoney({ amount, currency })}</span>;
}
