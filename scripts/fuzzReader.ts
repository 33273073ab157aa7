/**
 * Tries to break the readers: `npm run fuzz:reader -- --runs 200000 --seed 1 [--from 0] [--workers 2]`.
 *
 * Each worker is a process of its own with a heap of 512 MB. A case that throws anything but a ScenarioError, needs more than 2 s
 * of processor time, or takes its worker with it (memory, or no answer for 60 s) is a find: its number is printed, and
 * `--from NUMBER --runs 1` repeats it. Exit code 4 with finds, else 0.
 */
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { caseOf } from "../test/support/readerFuzz/cases.ts";
import { readCorpus } from "../test/support/readerFuzz/corpus.ts";
import { judgeCase } from "../test/support/readerFuzz/judge.ts";

const HEAP_MB = 512;
const MOST_CPU_MS = 2_000;
const SILENCE_MS = 60_000;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    workers: { type: "string", default: "2" },
    worker: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const from = Number(values.from);
const runs = Number(values.runs);

/** A worker's lines: `> number` before a case, `= ending` after it, `! text` for a find. */
function work(): void {
  const corpus = readCorpus();
  const say = (line: string) => writeSync(1, `${line}\n`);
  for (let number = from; number < from + runs; number++) {
    say(`> ${number}`);
    const given = caseOf(corpus, seed, number);
    const before = process.cpuUsage();
    let ending = "fault";
    try {
      ending = judgeCase(given);
    } catch (error) {
      say(`! ${given.door}: ${JSON.stringify(error instanceof Error ? error.stack : String(error))}`);
    }
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000;
    if (ms > MOST_CPU_MS) say(`! ${given.door}: took ${Math.round(ms)} ms of processor time, ended as ${ending}`);
    say(`= ${ending}`);
  }
}

interface Tally {
  finds: number;
  readonly endings: Map<string, number>;
}

/** One stretch of numbers; after a worker's death the next one goes on behind the case that killed it. */
async function watch(first: number, end: number, tally: Tally): Promise<void> {
  for (let next = first; next < end; ) next = await watchWorker(next, end, tally);
}

function watchWorker(first: number, end: number, tally: Tally): Promise<number> {
  const args = ["--worker", "--seed", `${seed}`, "--from", `${first}`, "--runs", `${end - first}`];
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, fileURLToPath(import.meta.url), ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let current = first;
  let answered = 0;
  const find = (text: string) => {
    tally.finds++;
    process.stdout.write(`case ${current}: ${text}\n`);
  };
  const kill = () => child.kill("SIGKILL");
  let timer = setTimeout(kill, SILENCE_MS);
  createInterface({ input: child.stdout }).on("line", (line) => {
    clearTimeout(timer);
    timer = setTimeout(kill, SILENCE_MS);
    const rest = line.slice(2);
    if (line.startsWith(">")) current = Number(rest);
    else if (line.startsWith("!")) find(rest);
    else {
      answered = current + 1;
      tally.endings.set(rest, (tally.endings.get(rest) ?? 0) + 1);
    }
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (answered < end) find(`the worker died (${signal ?? `exit code ${code}`})`);
      resolve(answered < end ? current + 1 : end);
    });
  });
}

async function main(): Promise<void> {
  const start = performance.now();
  const tally: Tally = { finds: 0, endings: new Map() };
  const workers = Math.min(Number(values.workers), runs);
  const borders = Array.from({ length: workers + 1 }, (_, i) => from + Math.floor((runs * i) / workers));
  await Promise.all(borders.slice(1).map((end, i) => watch(borders[i] ?? from, end, tally)));
  const endings = [...tally.endings].map(([ending, count]) => `${count} ${ending}`).join(", ");
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  process.stdout.write(`${runs} cases under seed ${seed} in ${minutes} min: ${endings}; ${tally.finds} finds\n`);
  if (tally.finds > 0) process.exitCode = 4;
}

if (values.worker) work();
else await main();
