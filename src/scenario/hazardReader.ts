import type { HazardSpec } from "../cluster/spec.ts";
import { counted } from "../fields/refusal.ts";
import { type HazardForm, hazardSchema } from "./hazardSchema.ts";
import { parsePart } from "./issues.ts";
import { below, type Spot } from "./parts.ts";
import { attempt, checkName, type Reading, resolveDistribution } from "./reading.ts";
import { readOutages } from "./traces.ts";

const KINDS = ["hosts", "zones", "containers"] as const;

type HostsForm = NonNullable<HazardForm["hosts"]>;
type OutagesForm = Extract<HostsForm, { trace: string }>;

/** Reads one hazard; undefined, with problems, where it is none. */
export function readHazard(raw: unknown, spot: Spot, reading: Reading): HazardSpec | undefined {
  const form = parsePart(hazardSchema, raw, spot);
  if (form === undefined) return undefined;
  const given = KINDS.filter((kind) => form[kind] !== undefined);
  const [what] = given;
  if (what === undefined || given.length > 1) {
    const found = what === undefined ? "nothing that fails" : given.join(" and ");
    spot.findings.problem(spot.path, `found ${found}, expected exactly one of ${KINDS.join(", ")}`);
    return undefined;
  }
  const index = Number(spot.path.at(-1));
  const inside = below(spot, what);
  const value = form[what];
  if (value === undefined) return undefined;
  if ("trace" in value) return readRecorded(value, index, inside, reading);
  const known = knownNames(what, reading);
  value.only.forEach((name, i) => {
    checkName(reading, [...inside.path, "only", i], name, known);
  });
  return {
    kind: "renewal",
    index,
    what,
    only: value.only,
    every: resolveDistribution(reading, [...inside.path, "every"], value.every),
    for: "for" in value ? resolveDistribution(reading, [...inside.path, "for"], value.for) : undefined,
  };
}

function knownNames(what: (typeof KINDS)[number], { names }: Reading) {
  if (what === "hosts") return { word: "a host", known: names.hosts };
  return what === "zones" ? { word: "a zone", known: names.zones } : { word: "a service", known: names.services };
}

const NAMED_AT_MOST = 5;

function readRecorded(form: OutagesForm, index: number, spot: Spot, reading: Reading): HazardSpec | undefined {
  const file = { ...form, start: form.start };
  const read = attempt(reading, [...spot.path, "trace"], () => readOutages(file, reading.readFile));
  if (read === undefined) return undefined;
  const { hosts } = reading.names;
  const isKnown = (host: string) => hosts?.has(host) ?? true;
  const unknown = [...new Set(read.value.map(({ host }) => host))].filter((host) => !isKnown(host));
  if (unknown.length > 0) {
    const some = `${unknown.slice(0, NAMED_AT_MOST).join(", ")}${unknown.length > NAMED_AT_MOST ? ", …" : ""}`;
    const text = `${form.trace} names ${counted(unknown.length, "host")} that the cluster does not have: ${some}`;
    if (form.unknown === "skip") spot.findings.warn(spot.path, `${text}; their outages are left out`);
    else
      spot.findings.problem(
        spot.path,
        `${text}; add them, set prefix (12 is the host node-12 with prefix: node-), or unknown: skip`,
      );
  }
  if (read.rowsBeforeStart > 0)
    spot.findings.warn(spot.path, `${counted(read.rowsBeforeStart, "outage")} over before start left out`);
  return { kind: "outages", index, outages: read.value.filter(({ host }) => isKnown(host)) };
}
