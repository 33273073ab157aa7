import type { FailureCount } from "../../metrics/result.ts";
import { formatCount, formatShare } from "../numbers.ts";
import { printable } from "../printable.ts";
import { rootInWords, rootWithPlace } from "../rootWords.ts";
import { causeColour } from "./causeColours.ts";
import type { Chart, Spec } from "./chart.ts";
import { fitText } from "./textWidth.ts";
import { INK } from "./theme.ts";
import { wholeSpec } from "./vegaConfig.ts";

const WIDTH = 740;
const ROW = 34;
const MOST_BARS = 12;

/** A failure count with the service it belongs to. */
export interface ServiceFailure extends FailureCount {
  readonly service: string;
}

/** Why requests failed: one bar for each pair of cause and root, the label above its bar so that it can be long. */
export function failureBars(failures: readonly ServiceFailure[], slug: string): Chart | undefined {
  const total = failures.reduce((sum, failure) => sum + failure.count, 0);
  if (total === 0) return undefined;
  const sorted = [...failures].sort((a, b) => b.count - a.count);
  const shown = sorted.slice(0, MOST_BARS);
  const rest = sorted.slice(MOST_BARS).reduce((sum, failure) => sum + failure.count, 0);
  const many = new Set(failures.map((failure) => failure.service)).size > 1;
  const bars = shown.map((failure) => ({
    label: barLabel(failure, many),
    count: failure.count,
    colour: causeColour(failure.cause),
  }));
  if (rest > 0)
    bars.push({
      label: `${formatCount(sorted.length - MOST_BARS)} more pairs of cause and root`,
      count: rest,
      colour: INK.axis.light,
    });
  const [top] = sorted;
  const description = `Why ${formatCount(total)} requests failed, by cause and root; most by ${top === undefined ? "none" : barLabel(top, many)}.`;
  return {
    slug,
    title: "Why requests failed",
    caption: "The cause is what met the request, the root what brought that about.",
    description,
    spec: wholeSpec(description, body(bars, total)),
    table: {
      header: ["Service", "Cause", "Root", "Failed requests", "Share of failures"],
      rows: sorted
        .slice(0, 50)
        .map(({ service, cause, root, count }) => [
          printable(service),
          cause,
          printable(rootWithPlace(root)),
          formatCount(count),
          formatShare(count / total),
        ]),
    },
  };
}

function barLabel({ cause, root, service }: ServiceFailure, many: boolean): string {
  return `${many ? `${printable(service)}: ` : ""}${cause} after ${printable(rootInWords(root))}`;
}

function body(bars: readonly { label: string; count: number; colour: string }[], total: number): Spec {
  const values = bars.map(({ label, count, colour }, at) => ({
    label: fitText(label, WIDTH - 4, 12),
    count,
    colour,
    top: at * ROW + 17,
    bottom: at * ROW + 28,
    line: at * ROW + 9,
    middle: at * ROW + 22.5,
    number: `${formatCount(count)} (${formatShare(count / total)})`,
  }));
  const height = bars.length * ROW;
  const scale = { domain: [height, 0], nice: false, zero: false };
  const y = (field: string): Spec => ({ field, type: "quantitative", scale, axis: null });
  // Room on the right for the longest number.
  const x = {
    field: "count",
    type: "quantitative",
    scale: { domain: [0, Math.max(...bars.map(({ count }) => count))], range: [0, WIDTH - 130], nice: false },
    axis: null,
  };
  const color = { field: "colour", type: "nominal", scale: null };
  return {
    width: WIDTH,
    height,
    data: { values },
    layer: [
      {
        mark: { type: "text", align: "left", baseline: "middle", fontSize: 12 },
        encoding: { x: { value: 0 }, y: y("line"), text: { field: "label" } },
      },
      { mark: { type: "rect" }, encoding: { x, x2: { datum: 0 }, y: y("top"), y2: { field: "bottom" }, color } },
      {
        mark: { type: "text", align: "left", baseline: "middle", dx: 7, color: INK.muted.light },
        encoding: { x, y: y("middle"), text: { field: "number" } },
      },
    ],
  };
}
