import fc from "fast-check";
import { NO_READINESS } from "../../cluster/probes.ts";
import type { ReadinessSpec, ServiceSpec, VitalProbeSpec } from "../../cluster/spec.ts";
import { SECOND } from "../../kernel/time.ts";
import type { Draft } from "./features.ts";

const readiness = fc.record({
  period: fc.constant(SECOND),
  successes: fc.constantFrom(1, 2),
  failures: fc.constantFrom(3, 1),
  throughQueue: fc.boolean(),
});

/** What the feature `probes` adds to a readiness probe, or takes it away. */
const further = fc.record({
  period: fc.constantFrom(SECOND, 3 * SECOND),
  initialDelay: fc.constantFrom(undefined, 2 * SECOND),
  timeout: fc.constantFrom(undefined, 2 * SECOND),
  absent: fc.nat(3).map((draw) => draw === 3),
});

/** A probe whose failures kill; `failures` in a row, the plainest number first. */
const vital = (failures: readonly number[]): fc.Arbitrary<VitalProbeSpec> =>
  fc.record({
    period: fc.constantFrom(SECOND, 3 * SECOND),
    successes: fc.constant(1),
    failures: fc.constantFrom(...failures),
    throughQueue: fc.boolean(),
    initialDelay: fc.constantFrom(undefined, 2 * SECOND),
    timeout: fc.constantFrom(undefined, 2 * SECOND),
    gracePeriod: fc.constantFrom(undefined, SECOND),
  });

const perhaps = <Part>(part: fc.Arbitrary<Part>) => fc.option(part, { nil: undefined });

/** The probes of one service. A startup probe that allows for fewer seconds than a start takes kills for ever. */
export const probesDraft: Draft<Pick<ServiceSpec, "readiness" | "liveness" | "startupProbe">> = fc
  .record({ readiness, further, liveness: perhaps(vital([3, 1])), startupProbe: perhaps(vital([10, 2])) })
  .map((made) => (on) => {
    const plain: ReadinessSpec = {
      ...made.readiness,
      throughQueue: on.has("health-checks") && made.readiness.throughQueue,
      initialDelay: undefined,
      timeout: undefined,
    };
    if (!on.has("probes")) return { readiness: plain, liveness: undefined, startupProbe: undefined };
    const { absent, initialDelay, period, timeout } = made.further;
    return {
      readiness: absent ? NO_READINESS : { ...plain, period, initialDelay, timeout },
      liveness: made.liveness,
      startupProbe: made.startupProbe,
    };
  });
