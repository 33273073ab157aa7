/** Holds the simulator against queueing and reliability theory; exits with 1 where it contradicts. */
import { theoryCases } from "../src/experiments/theoryCases.ts";
import { GREATEST_Z, type TheoryOutcome, tryLaw } from "../src/experiments/theoryTrial.ts";
import { simulate } from "../src/simulation/simulation.ts";

const REPLICATIONS = 20;
const SEED = 1;

const COLUMNS: readonly (readonly [string, number])[] = [
  ["law", 26],
  ["quantity", 20],
  ["exact", 12],
  ["simulated", 12],
  ["standard error", 16],
  ["z", 8],
];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i < 2 ? cell.padEnd(COLUMNS[i]?.[1] ?? 0) : cell.padStart(COLUMNS[i]?.[1] ?? 0)))
    .join("");
}

function outcomeRow(outcome: TheoryOutcome): string {
  const verdict = Math.abs(outcome.z) <= GREATEST_Z ? "" : "  contradicts";
  const numbers = [outcome.exact, outcome.simulated, outcome.standardError].map((value) => value.toPrecision(6));
  return row([outcome.law, outcome.quantity, ...numbers, outcome.z.toFixed(2)]) + verdict;
}

console.log(`${REPLICATIONS} replications each, seeds ${SEED} to ${SEED + REPLICATIONS - 1}\n`);
console.log(row(COLUMNS.map(([name]) => name)));
let contradictions = 0;
for (const law of theoryCases({ scale: 1 })) {
  const outcome = tryLaw(law, {
    replications: REPLICATIONS,
    seed: SEED,
    run: (scenario, seed) => simulate(scenario, { seed }),
  });
  if (!(Math.abs(outcome.z) <= GREATEST_Z)) contradictions++;
  console.log(outcomeRow(outcome));
}
console.log(
  contradictions === 0
    ? `\nEvery law holds: all |z| <= ${GREATEST_Z}.`
    : `\n${contradictions} of the laws above do not hold: |z| > ${GREATEST_Z}.`,
);
process.exitCode = contradictions === 0 ? 0 : 1;
