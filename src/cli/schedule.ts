import { Streams } from "../kernel/random.ts";
import type { ManifestFile } from "../manifests/readManifests.ts";
import { readSchedule } from "../manifests/scheduleInput.ts";
import { placementsJson, scheduleAll } from "../scheduling/kubernetes/scheduleAll.ts";
import { EXIT } from "./exitCodes.ts";
import { quoted } from "./failure.ts";
import { manifestJudge, readText } from "./input.ts";
import type { CommonOptions } from "./options.ts";
import { lookOf, printJson, printText } from "./print.ts";
import { scheduleText } from "./scheduleText.ts";

/** Flags of `rehearse schedule`. */
export interface ScheduleFlags extends CommonOptions {
  readonly explain?: boolean;
  readonly nodes?: string;
  readonly seed?: number;
}

/** Of one file: what a cluster of thousands of nodes prints of itself. */
const LARGEST_BYTES = 100 * 2 ** 20;
/** Beyond so many pairs of pod and node, what was thought of each is told only when asked for. */
const MOST_PAIRS = 1_000_000;

/** `rehearse schedule`: places the pods of manifests on nodes, with no clock. Returns the exit code. */
export async function schedule(files: readonly string[], flags: ScheduleFlags): Promise<number> {
  const read = (file: string): ManifestFile => ({
    file: file === "-" ? "stdin" : file,
    text: readText(file, "manifests", LARGEST_BYTES),
  });
  const { input, warnings } = readSchedule(files.map(read), {
    nodes: flags.nodes,
    config: flags.config === undefined ? undefined : read(flags.config),
    judge: await manifestJudge(),
  });
  const seed = flags.seed ?? 1;
  const isSmall = input.pods.length * input.nodes.length <= MOST_PAIRS;
  const explain = flags.explain === true || isSmall;
  const placements = scheduleAll({ ...input, random: new Streams(seed).named("scheduling").next, explain });
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (flags.json === true) printJson({ seed, ...placementsJson(placements) });
  else if (flags.quiet !== true) {
    const look = lookOf(process.stdout);
    printText(scheduleText(placements, { explain: flags.explain === true, width: look.width }), flags);
  }
  printText(`seed ${seed} · to repeat it: ${commandOf(files, flags, seed)}`, flags);
  return EXIT.done;
}

function commandOf(files: readonly string[], { nodes, config, explain, json }: ScheduleFlags, seed: number): string {
  const parts = ["rehearse schedule", ...files.map(quoted), `--seed ${seed}`];
  if (nodes !== undefined) parts.push(`--nodes ${quoted(nodes)}`);
  if (config !== undefined) parts.push(`--config ${quoted(config)}`);
  if (explain === true) parts.push("--explain");
  if (json === true) parts.push("--json");
  return parts.join(" ");
}
