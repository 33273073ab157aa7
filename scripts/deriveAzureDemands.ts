// Makes arrivals with their own service times out of Azure's trace of a language model service:
//   node scripts/deriveAzureDemands.ts AzureLLMInferenceTrace_conv.csv.gz scenarios/traces/azure-llm-2023/conversations.csv.gz
// What the trace is, where it comes from, and what is assumed: scenarios/traces/azure-llm-2023/SOURCE.md.
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { SECOND } from "../src/kernel/time.ts";
import { CsvTable } from "../src/scenario/csvTable.ts";
import { parseStamp } from "../src/scenario/timestamps.ts";

/** Tenths of a millisecond for one token that is read, and for one that is written. */
const TENTHS_PER_CONTEXT_TOKEN = 1;
const TENTHS_PER_GENERATED_TOKEN = 300;

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error("expected two files: the trace, and where the result goes");

const table = CsvTable.read(from, (path) => {
  const bytes = readFileSync(path);
  return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
});
const [time, context, generated] = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"].map((name) => table.column(name));

function numberAt(cells: readonly string[], column: number | undefined): number {
  const value = Number(cells[column ?? -1]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`found ${cells.join(",")}, expected a whole number of tokens`);
}

function microsAt(cells: readonly string[]): number {
  const parsed = parseStamp(cells[time ?? -1] ?? "");
  if (parsed.ok) return parsed.value.micros;
  throw new Error(`found ${cells.join(",")}, expected ${parsed.expected}`);
}

const first = microsAt(table.rows[0]?.cells ?? []);
const lines = table.rows.map(({ cells }) => {
  const micros = microsAt(cells) - first;
  const at = `${Math.floor(micros / SECOND)}.${String(micros % SECOND).padStart(6, "0")}`;
  const tenths =
    TENTHS_PER_CONTEXT_TOKEN * numberAt(cells, context) + TENTHS_PER_GENERATED_TOKEN * numberAt(cells, generated);
  return `${at},${Math.floor(tenths / 10)}.${tenths % 10}`;
});
writeFileSync(to, gzipSync(`at,serviceMs\n${lines.join("\n")}\n`, { level: 9 }));
console.log(`${to}: ${lines.length} requests`);
