/** Lanes without their order: commands leave as they came. The model shows with them what the order is for. */
import { MAX_WAITING_COMMANDS } from "../../../durable-objects/order-shard/lanes.ts";
import type { CommandOf } from "../../../durable-objects/order-shard/lane.ts";
import type { CommandResult } from "../../../durable-objects/sku-inventory/sku-inventory.ts";
import type { SkuCommand, SkuOutcome, SkuOutcomes } from "../../../domain/inventory/commands.ts";

interface Waiting {
  readonly command: SkuCommand;
  readonly resolve: (outcome: SkuOutcome) => void;
  readonly reject: (fault: unknown) => void;
}

const MAX_COMMANDS_PER_CALL = 200;

export class OneQueueLanes {
  readonly #call: (sku: string, commands: readonly SkuCommand[]) => Promise<CommandResult[]>;
  readonly #queues = new Map<string, Waiting[]>();
  readonly #inFlight = new Set<string>();

  constructor(call: (sku: string, commands: readonly SkuCommand[]) => Promise<CommandResult[]>) {
    this.#call = call;
  }

  isFull(skus: readonly string[]): boolean {
    return skus.some((sku) => (this.#queues.get(sku)?.length ?? 0) >= MAX_WAITING_COMMANDS);
  }

  /** They never answer without asking. */
  askUntil(): void {
    return undefined;
  }

  send<Kind extends SkuCommand["kind"]>(sku: string, command: CommandOf<Kind>): Promise<SkuOutcomes[Kind]> {
    const queue = this.#queues.get(sku) ?? [];
    this.#queues.set(sku, queue);
    return new Promise((resolve, reject) => {
      queue.push({ command, resolve: resolve as Waiting["resolve"], reject });
      void this.#next(sku, queue);
    });
  }

  async #next(sku: string, queue: Waiting[]): Promise<void> {
    while (!this.#inFlight.has(sku) && queue.length > 0) {
      const batch = queue.splice(0, MAX_COMMANDS_PER_CALL);
      this.#inFlight.add(sku);
      try {
        const results = await this.#call(
          sku,
          batch.map(({ command }) => command),
        );
        for (const [index, { resolve, reject }] of batch.entries()) {
          const result = results[index];
          if (result !== undefined && "outcome" in result) resolve(result.outcome);
          else reject(new Error("no outcome"));
        }
      } catch (fault) {
        for (const { reject } of batch) reject(fault);
      }
      this.#inFlight.delete(sku);
    }
  }
}
