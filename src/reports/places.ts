import type { Comparison } from "../experiments/comparison.ts";
import { kindsOf } from "../metrics/placeWaits.ts";
import type { PlaceWaitSummary, RunSummary } from "../metrics/result.ts";
import { unavailable } from "./kubernetes/messages.ts";
import { formatCount, formatMoment, formatSeconds, plural } from "./numbers.ts";
import { shorten } from "./printable.ts";

const NAME_LENGTH = 60;
/** A plug-in may give each of a thousand hosts a reason of its own. */
const REASON_LENGTH = 300;

/** What a host says, how to mend that, and whether another host would help. */
const MENDS: readonly (readonly [said: RegExp, mend: (kind: string) => string, moreHosts: boolean])[] = [
  [/Insufficient (\S+)/u, (kind) => `ask for less ${kind}`, true],
  [/Too many pods/u, () => "allow more pods per host", true],
  [/unreachable/u, () => "bring the unreachable hosts back", true],
  [/unschedulable/u, () => "uncordon hosts", true],
  [/untolerated taint/u, () => "tolerate or remove the taint", true],
  [/node affinity|node selector/u, () => "give a host the labels asked for", true],
  [/requested node name/u, () => "correct the nodeName", false],
  [/anti-affinity/u, () => "loosen the anti-affinity", true],
  [/pod affinity/u, () => "run what its affinity asks for", false],
  [/spread/u, () => "loosen the spread", true],
  [/free ports/u, () => "free the host port", true],
];

/**
 * Which containers found no place, or waited long for one: a line for each service and reason, with what the scheduler said
 * and how to mend it. Those that had no place at the end come first.
 */
export function placeLines({ services }: RunSummary): string[] {
  const open = openLines(services);
  const ended = Object.entries(services).flatMap(
    ([
      name,
      {
        containers: { waits },
      },
    ]) =>
      waits.filter((wait) => !wait.open && alike(waits, wait, true) === undefined).map((wait) => endedLine(name, wait)),
  );
  return [...open, ...ended];
}

/** What had no place at the end of the first runs of a comparison; what not all have alike begins with a name. */
export function comparedPlaceLines({ strategies }: Comparison): string[] {
  const all = strategies.map(({ name, firstRun }) => ({ name, lines: openLines(firstRun.summary.services) }));
  const lines = all.flatMap(({ name, lines: own }) =>
    own.map((line) =>
      all.every((other) => other.lines.includes(line)) ? line : `${shorten(name, NAME_LENGTH)}: ${line}`,
    ),
  );
  return [...new Set(lines)];
}

function openLines(services: RunSummary["services"]): string[] {
  return Object.entries(services).flatMap(
    ([
      name,
      {
        containers: { waits },
      },
    ]) => waits.filter(({ open }) => open).map((wait) => openLine(name, wait, alike(waits, wait, false))),
  );
}

/** The other waits for the same reasons. */
function alike(waits: readonly PlaceWaitSummary[], wait: PlaceWaitSummary, open: boolean) {
  return waits.find((other) => other.open === open && kindsOf(other) === kindsOf(wait));
}

/** `ended`: waits for the same reasons that are over. */
function openLine(name: string, wait: PlaceWaitSummary, ended: PlaceWaitSummary | undefined): string {
  const { containers, of, startS, behind } = wait;
  const others = behind > 0 ? `, ${formatCount(behind)} more ${behind === 1 ? "waits" : "wait"} behind` : "";
  const before = ended === undefined ? "" : `, ${formatCount(ended.containers)} more waited ${lengthOf(ended)}`;
  const what = `${formatCount(containers)} of ${plural(of, "container")} never found a place (since ${formatMoment(startS)})`;
  return `${shorten(name, NAME_LENGTH)}: ${what}${others}${before}: ${whyOf(wait)}`;
}

function endedLine(name: string, wait: PlaceWaitSummary): string {
  const what = `${plural(wait.containers, "container")} waited ${lengthOf(wait)} for a place`;
  return `${shorten(name, NAME_LENGTH)}: ${what} (since ${formatMoment(wait.startS)}): ${whyOf(wait)}`;
}

function lengthOf({ containers, longestS }: PlaceWaitSummary): string {
  return `${containers > 1 ? "up to " : ""}${formatSeconds(longestS)}`;
}

function whyOf({ hosts, reasons }: PlaceWaitSummary): string {
  if (hosts === null) {
    return "no scheduler tried. Mend: check schedulerName and schedulingGates, and that the control plane was up.";
  }
  const why = shorten(unavailable(hosts, reasons), REASON_LENGTH);
  const mends = mendsOf(hosts, reasons);
  return mends.length === 0 ? why : `${why} Mend: ${mends.join(", or ")}.`;
}

/** Any one of them opens some hosts. Of a container that is meant for one host another one is no help. */
function mendsOf(hosts: number, reasons: readonly string[]): string[] {
  const mends = new Set<string>();
  let moreHosts = false;
  for (const reason of reasons) {
    for (const [said, mend, helped] of MENDS) {
      const found = said.exec(reason);
      if (found === null) continue;
      mends.add(mend(found[1] ?? ""));
      moreHosts ||= helped;
      break;
    }
  }
  const asked = reasons.reduce((sum, reason) => sum + (Number.parseInt(reason, 10) || 0), 0);
  return [...mends, ...(moreHosts && asked >= hosts ? ["add hosts that fit"] : [])];
}
