/** Who supplies a metric: the simulated requests under a well-known or given name, a series of values, or nobody. */
import { z } from "zod";
import type { LoadQuantity, MetricSource, SeriesPoint } from "../cluster/autoscaleMetrics.ts";
import { duration } from "../fields/duration.ts";
import { choice } from "../fields/number.ts";
import { accepted, refusal, refused, textOrNumberField } from "../fields/refusal.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";
import { reference } from "./names.ts";

const QUANTITIES = ["requestsPerSecond", "requestsInFlight", "requestsQueued"] as const satisfies LoadQuantity[];

const AMOUNT = "a number of at least 0, also as Kubernetes writes it, such as 100, 2k or 500m";

/** A metric's value, 0 or more → thousandths, rounded up as Kubernetes does. */
export const milliAmount = textOrNumberField(AMOUNT, (text) => {
  const milli = parseQuantity(text.trim(), 1000);
  return milli === undefined || !Number.isSafeInteger(milli) ? refused(AMOUNT) : accepted(milli);
}).meta({ title: "number", description: "A number, also as Kubernetes writes quantities: 100, 2k, 500m." });

const point = z
  .strictObject({
    at: duration.describe("From when it holds."),
    value: z.union([choice(["none"]), milliAmount]).describe("The value; or none: nobody supplies it from then on."),
  })
  .transform(({ at, value }): SeriesPoint => ({ at, milli: value === "none" ? undefined : value }));

const SOURCE = `one of ${QUANTITIES.join(", ")}, none, a map as { service: shop }, or a list as [{ at: 0s, value: 5 }]`;

/** Where a metric comes from, as a scenario writes it; of a load without a quantity the metric's name says which. */
export const sourceForm = z
  .union(
    [
      choice([...QUANTITIES, "none"]),
      z.strictObject({
        quantity: choice(QUANTITIES).optional().describe("What is measured; left out: what the metric's name says."),
        service: reference.optional().describe("Of which service; left out: of the one that is scaled."),
      }),
      z
        .array(point)
        .min(1)
        .refine((points) => points.every(({ at }, i) => i === 0 || at > (points[i - 1]?.at ?? 0)), {
          error: "found a time that is not after the one before, expected ascending times",
        }),
    ],
    { error: (issue) => refusal(issue.input, SOURCE) },
  )
  .transform((given): SourceForm => {
    if (given === "none") return { kind: "none" };
    if (typeof given === "string") return { kind: "load", quantity: given, service: undefined };
    if (Array.isArray(given)) return { kind: "series", points: given };
    return { kind: "load", quantity: given.quantity, service: given.service };
  })
  .meta({ title: "source of a metric" });

/** See `sourceForm`. */
export type SourceForm =
  | Exclude<MetricSource, { kind: "load" }>
  | { readonly kind: "load"; readonly quantity: LoadQuantity | undefined; readonly service: string | undefined };

/** The scenario's own word on metrics, by their names. */
export const sourcesByName = z
  .record(z.string(), sourceForm)
  .optional()
  .describe(
    "Who supplies the metrics that autoscalers ask for, by the metrics' names: requestsPerSecond, requestsInFlight or requestsQueued of the simulated service, a series as [{ at: 0s, value: 5 }], or none.",
  );

/** Names that exporters, adapters and documentation use, each by what it tells; in lower case, words joined by `_`. */
const WELL_KNOWN: Readonly<Record<LoadQuantity, readonly string[]>> = {
  requestsPerSecond: [
    ...["requests_per_second", "http_requests_per_second", "http_requests", "http_requests_total", "request_rate"],
    ...["http_request_rate", "queries_per_second", "rps", "qps", "nginx_ingress_controller_requests"],
    ...["istio_requests_per_second", "istio_requests_total"],
  ],
  requestsInFlight: [
    ...["requests_in_flight", "http_requests_in_flight", "in_flight_requests", "inflight_requests"],
    ...["concurrency", "concurrent_requests", "active_requests", "http_server_active_requests"],
    ...["num_requests_running", "vllm_num_requests_running"],
  ],
  requestsQueued: [
    ...["requests_queued", "queued_requests", "pending_requests", "queue_length", "queue_depth", "queue_size"],
    ...["queue_messages_ready", "num_requests_waiting", "vllm_num_requests_waiting"],
  ],
};

const QUANTITY_BY_NAME: ReadonlyMap<string, LoadQuantity> = new Map(
  QUANTITIES.flatMap((quantity) => WELL_KNOWN[quantity].map((name) => [name, quantity] as const)),
);

/** What a metric's name tells by convention; undefined: nothing. Case and the sign between words do not matter. */
export function wellKnownQuantity(name: string): LoadQuantity | undefined {
  return QUANTITY_BY_NAME.get(name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_"));
}

/** Who supplies a metric: its own `from`, else the scenario's word on its name, else the convention, else nobody. */
export function sourceOf(
  name: string,
  from: SourceForm | undefined,
  byName: ReadonlyMap<string, SourceForm>,
): MetricSource {
  if (from !== undefined && (from.kind !== "load" || from.quantity !== undefined)) return settled(name, from);
  const usual = settled(name, byName.get(name) ?? { kind: "load", quantity: undefined, service: undefined });
  return usual.kind === "load" && from?.kind === "load" ? { ...usual, service: from.service } : usual;
}

function settled(name: string, form: SourceForm): MetricSource {
  if (form.kind !== "load") return form;
  const quantity = form.quantity ?? wellKnownQuantity(name);
  return quantity === undefined ? { kind: "none" } : { kind: "load", quantity, service: form.service };
}
