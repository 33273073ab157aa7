import type { ArrivalsSpec, RetrySpec, TrafficSpec } from "../cluster/spec.ts";
import type { ArrivalsForm } from "../fields/arrivals.ts";
import { counted } from "../fields/refusal.ts";
import { below, type Spot } from "./parts.ts";
import { attempt, type Reading, resolveDistribution } from "./reading.ts";
import { readReplay, readTrace, type TraceReading } from "./traces.ts";
import type { TrafficForm } from "./trafficSchema.ts";

/** Traffic with its files read. */
export function readTraffic(form: TrafficForm, spot: Spot, reading: Reading): TrafficSpec {
  return {
    arrivals: readArrivals(form.arrivals, below(spot, "arrivals"), reading),
    timeout: form.timeout,
    retries: readRetries(form.retries, below(spot, "retries"), reading),
    cancel: form.cancel,
  };
}

function readRetries(form: TrafficForm["retries"], spot: Spot, reading: Reading): RetrySpec | undefined {
  if (form.max === 0) return undefined;
  return { ...form, backoff: resolveDistribution(reading, [...spot.path, "backoff"], form.backoff) };
}

function readArrivals(form: TrafficForm["arrivals"], spot: Spot, reading: Reading): ArrivalsSpec {
  if (!Array.isArray(form)) return resolveArrivals(form, spot, reading);
  const phases = form.map((phase, i) => {
    const inside = below(spot, i, "arrivals");
    if (phase.arrivals.kind === "users") {
      spot.findings.problem(
        inside.path,
        "found users(…) in a phase, expected arrivals that wait for nobody, such as poisson(10/s)",
      );
    }
    return { length: phase.for, arrivals: resolveArrivals(phase.arrivals, inside, reading) };
  });
  return { kind: "phases", phases };
}

/** Each burst is held in memory, and nobody means more. */
const MOST_BURSTS = 1_000_000;

function resolveArrivals(form: ArrivalsForm, spot: Spot, reading: Reading): ArrivalsSpec {
  const { path } = spot;
  switch (form.kind) {
    case "users":
      return { ...form, think: resolveDistribution(reading, path, form.think) };
    case "bursts":
      if (reading.duration / form.every > MOST_BURSTS) {
        const count = Math.floor(reading.duration / form.every);
        spot.findings.problem(path, `found ${count} bursts in the whole run, expected at most ${MOST_BURSTS}`);
      }
      return form;
    case "trace-file":
      return fromFile(
        attempt(reading, path, () => readTrace(form, reading.readFile)),
        spot,
      );
    case "replay-file":
      return fromFile(
        attempt(reading, path, () => readReplay(form, reading.readFile)),
        spot,
      );
    default:
      return form;
  }
}

function fromFile(read: TraceReading<ArrivalsSpec> | undefined, { path, findings }: Spot): ArrivalsSpec {
  if (read === undefined) return { kind: "none" };
  if (read.rowsBeforeStart > 0) findings.warn(path, `${counted(read.rowsBeforeStart, "row")} before start left out`);
  return read.value;
}
