/**
 * `npm run verify`: the proofs that take too long for every test run, on a built store of their own.
 *
 *     npm run verify                                   all of them
 *     npm run verify -- --only lighthouse,axe          some of them
 *     npm run verify -- --json FILE                    writes what was measured
 *
 * Ends with one line of counts; exit 1 where something is broken.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { axe } from "./axe.ts";
import { journeys } from "./journeys.ts";
import { keyboard } from "./keyboard.ts";
import { lighthouse } from "./lighthouse.ts";
import type { Outcome, Proof } from "./proof.ts";
import { inSurroundings, type Surroundings } from "./surroundings.ts";

/** In this order: what is measured comes before what makes the store work hard. */
const PROOFS: readonly Proof[] = [lighthouse, axe, keyboard, journeys];

type Report = Record<string, Outcome & { readonly seconds: number }>;

const { values } = parseArgs({ options: { only: { type: "string" }, json: { type: "string" } } });
const chosen = chosenProofs(values.only);
const report = await inSurroundings((surroundings) => carryOut(chosen, surroundings));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
const broken = Object.values(report).reduce((sum, outcome) => sum + outcome.broken.length, 0);
const held = Object.values(report).reduce((sum, outcome) => sum + outcome.held, 0);
console.log(`\nverify: ${String(chosen.length)} proofs, ${String(held)} held, ${String(broken)} broken`);
process.exit(broken === 0 ? 0 : 1);

/** @throws Error that names the proofs there are where another one is asked for */
function chosenProofs(only: string | undefined): readonly Proof[] {
  if (only === undefined) return PROOFS;
  return only.split(",").map((name) => {
    const found = PROOFS.find((proof) => proof.name === name);
    if (found !== undefined) return found;
    throw new Error(
      `there is no proof "${name}": choose from ${PROOFS.map((proof) => proof.name).join(", ")}`,
    );
  });
}

async function carryOut(proofs: readonly Proof[], surroundings: Surroundings): Promise<Report> {
  const done: Report = {};
  for (const proof of proofs) {
    const startedAt = performance.now();
    console.log(`\n${proof.name} …`);
    const outcome = await outcomeOf(proof, surroundings);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    for (const line of outcome.broken) console.log(`broken  ${line}`);
    const counts = `${String(outcome.held)} held, ${String(outcome.broken.length)} broken`;
    console.log(`${proof.name}: ${counts}, in ${String(seconds)} s`);
    done[proof.name] = { ...outcome, seconds };
  }
  return done;
}

/** One proof that cannot be carried out does not keep the others from it. */
async function outcomeOf(proof: Proof, surroundings: Surroundings): Promise<Outcome> {
  try {
    return await proof.run(surroundings, (line) => console.log(line));
  } catch (error) {
    return { held: 0, broken: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}
