import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { parseDuration } from "../fields/duration.ts";
import { formatDuration, MILLISECOND, type Micros } from "../kernel/time.ts";
import type { KubernetesEvent, KubernetesMemory } from "../reports/kubernetes/eventReader.ts";
import { eventLines } from "../reports/kubernetesEvents.ts";
import type { Playback } from "../simulation/playback.ts";
import { type ReplayTables, SHOWABLE, type Showable } from "./replayTables.ts";
import { wind } from "./wind.ts";

/** What one line of input asks for. */
export type StepCommand =
  | { readonly kind: "next"; readonly count: number }
  | { readonly kind: "back" }
  | { readonly kind: "time"; readonly at: Micros }
  | { readonly kind: "show"; readonly what: Showable }
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  /** Not understood, and how it should read. */
  | { readonly kind: "unclear"; readonly why: string };

const HELP = `n or Enter   the next event          p    pods          no   nodes
N            the next 10 events      d    deployments   ep   endpoints
t 5m         to a time, on or back   e    events so far
b            back to the event before
h            this help               q    quit
`;

const WORDS: ReadonlyMap<string, StepCommand> = new Map<string, StepCommand>([
  ["", { kind: "next", count: 1 }],
  ["n", { kind: "next", count: 1 }],
  ["N", { kind: "next", count: 10 }],
  ["b", { kind: "back" }],
  ["p", { kind: "show", what: "pods" }],
  ["no", { kind: "show", what: "nodes" }],
  ["d", { kind: "show", what: "deployments" }],
  ["e", { kind: "show", what: "events" }],
  ["ep", { kind: "show", what: "endpoints" }],
  ["h", { kind: "help" }],
  ["?", { kind: "help" }],
  ["q", { kind: "quit" }],
  // The whole words too, since they are what one tries first.
  ["next", { kind: "next", count: 1 }],
  ["back", { kind: "back" }],
  ...SHOWABLE.map((what) => [what, { kind: "show", what }] as const),
  ["help", { kind: "help" }],
  ["quit", { kind: "quit" }],
  ["exit", { kind: "quit" }],
]);

/** Reads one line of input. */
export function readStep(line: string): StepCommand {
  const text = line.trim();
  const known = WORDS.get(text);
  if (known !== undefined) return known;
  const time = /^t(?:\s+(?=\S)|(?=\d))(.+)$/.exec(text)?.[1];
  if (time === undefined) return { kind: "unclear", why: `"${text}" is none of the commands; h lists them` };
  const parsed = parseDuration(time);
  return parsed.ok
    ? { kind: "time", at: parsed.value }
    : { kind: "unclear", why: `t ${time}: expected ${parsed.expected}` };
}

/** Where the stepper reads and writes. */
export interface Console {
  readonly input: Readable;
  readonly output: Writable;
  /** True where lines are edited on a terminal. */
  readonly terminal: boolean;
}

/** Events between two looks at the keyboard. */
const SLICE_EVENTS = 200_000;

type KubernetesPlayback = Playback<KubernetesEvent, KubernetesMemory>;

/** Steps through a run as the user says, line by line, until `q` or the input's end. Ctrl-C stops a long way, then the stepper. */
export async function stepThrough(
  playback: KubernetesPlayback,
  tables: ReplayTables,
  place: Console,
): Promise<"ended" | "interrupted"> {
  const { output, terminal } = place;
  const lines = createInterface(place);
  const keyboard = { busy: false, stopped: false, closed: false, interrupted: false };
  // Lines that were read before the input ended are still to be done.
  lines.on("close", () => {
    keyboard.closed = true;
  });
  lines.on("SIGINT", () => {
    keyboard.stopped = true;
    if (keyboard.busy) return;
    keyboard.interrupted = true;
    lines.close();
  });
  const prompt = () => {
    const text = `${clock(playback.now)}> `;
    lines.setPrompt(text);
    if (keyboard.closed) output.write(text);
    else lines.prompt();
  };
  output.write(HELP);
  prompt();
  for await (const line of lines) {
    const command = readStep(line);
    if (command.kind === "quit") {
      lines.close();
      return "ended";
    }
    keyboard.busy = true;
    keyboard.stopped = false;
    output.write(await answer(command, playback, { tables, stopped: () => keyboard.stopped }));
    keyboard.busy = false;
    prompt();
  }
  if (terminal) output.write("\n");
  return keyboard.interrupted ? "interrupted" : "ended";
}

interface Aids {
  readonly tables: ReplayTables;
  readonly stopped: () => boolean;
}

async function answer(
  command: Exclude<StepCommand, { kind: "quit" }>,
  playback: KubernetesPlayback,
  { tables, stopped }: Aids,
): Promise<string> {
  switch (command.kind) {
    case "show":
      return tables.text(command.what);
    case "help":
      return HELP;
    case "unclear":
      return `${command.why}\n`;
    case "next":
      return nextEvents(playback, command.count, stopped);
    case "back":
      return go(playback, playback.previousMoment(), stopped);
    case "time":
      return go(playback, command.at, stopped);
  }
}

async function go(playback: KubernetesPlayback, time: Micros, stopped: () => boolean): Promise<string> {
  if (!(await wind(playback, time, { stopped }))) return `stopped at ${clock(playback.now)}\n`;
  return time > playback.end ? `the run ends at ${formatDuration(playback.end)}\n` : "";
}

/** What one event of the simulation brings is shown whole, so there may be more than `count`. */
async function nextEvents(playback: KubernetesPlayback, count: number, stopped: () => boolean): Promise<string> {
  const seen: KubernetesEvent[] = [];
  let end = "";
  while (seen.length < count && end === "") {
    const more = playback.next(SLICE_EVENTS);
    if (more === undefined) await setImmediate();
    else seen.push(...more);
    if (stopped()) end = `stopped at ${clock(playback.now)}\n`;
    else if (more?.length === 0) end = `the run is over at ${formatDuration(playback.end)}\n`;
  }
  return seen.length === 0 ? end : `${eventLines(seen, false).join("\n")}\n${end}`;
}

function clock(now: Micros): string {
  return formatDuration(Math.ceil(now / MILLISECOND) * MILLISECOND);
}
