import type { EventMark } from "../../metrics/result.ts";
import { shorten } from "../printable.ts";
import { textWidth } from "./textWidth.ts";
import { INK } from "./theme.ts";
import type { TimeWindow } from "./timeWindow.ts";

/** A mark of the time axis with the place of its label, or without one where there was no room. */
export interface PlacedEvent {
  readonly t: number;
  readonly colour: string;
  readonly label: string | undefined;
  /** Rows above the axis, 0 the lowest. */
  readonly row: number;
  readonly align: "left" | "right";
  /** Drawn across all panels; otherwise, where events are many, only as a tick above them. */
  readonly across: boolean;
}

export interface EventLayout {
  readonly events: readonly PlacedEvent[];
  readonly rows: number;
  readonly unlabelled: number;
}

interface Box {
  readonly from: number;
  readonly to: number;
  readonly stem: number;
  readonly row: number;
}

const FONT_SIZE = 11;
const GAP = 4;
/** Between two labels of one row: more than between two words, or they read as one sentence. */
const APART = 16;
/** A reader without the chart's font sees one up to an eighth wider. */
const WIDEST = 1.125;
const MAX_ROWS = 6;
const MAX_LABELS = 18;
const MAX_MARKS = 1_000;
const MAX_CHARACTERS = 40;

/** What is labelled first when there is no room for all. */
const IMPORTANCE: readonly EventMark["kind"][] = [
  "deploy",
  "failure",
  "scale",
  "traffic",
  "rollout",
  "recovery",
  "control",
];

/** The colour of a kind of event; its label says the same in words. */
function eventColour(kind: EventMark["kind"]): string {
  if (kind === "failure") return INK.failure.light;
  if (kind === "recovery") return INK.good.light;
  return INK.muted.light;
}

/**
 * Gives events labels in as few rows as possible, so that no label meets another label or another's stem, nor leaves the
 * plot of `width` pixels over `window`. Placed from the right, because a label runs to the right of its stem.
 */
export function placeEvents(marks: readonly EventMark[], window: TimeWindow, width: number): EventLayout {
  const kept = choose(marks, MAX_MARKS);
  const labelled = new Set(choose(marks, MAX_LABELS));
  const crowded = marks.length > MAX_LABELS;
  const boxes: Box[] = [];
  const events = [...kept]
    .sort((a, b) => b.atS - a.atS || kept.indexOf(a) - kept.indexOf(b))
    .map((mark): PlacedEvent => {
      const text = shorten(mark.label, MAX_CHARACTERS);
      const place = { label: undefined, row: 0, align: "left", across: !crowded } as const;
      const bare = { t: mark.atS, colour: eventColour(mark.kind), ...place };
      if (!labelled.has(mark) || text === "") return bare;
      const stem = ((mark.atS - window.fromS) / (window.toS - window.fromS)) * width;
      const box = placeLabel(stem, WIDEST * textWidth(text, FONT_SIZE), boxes, width);
      if (box === undefined) return bare;
      boxes.push(box);
      return { ...bare, label: text, across: true, row: box.row, align: box.from < stem ? "right" : "left" };
    });
  const named = events.filter((event) => event.label !== undefined).length;
  return { events, rows: 1 + Math.max(-1, ...boxes.map((box) => box.row)), unlabelled: marks.length - named };
}

/**
 * The lowest free place for a label right of its stem, else left of it. Right is tried in every row first: a label to the left
 * would lie in the way of the stems still to come.
 */
function placeLabel(stem: number, labelWidth: number, taken: readonly Box[], width: number): Box | undefined {
  const right = { from: stem + GAP, to: stem + GAP + labelWidth };
  const left = { from: stem - GAP - labelWidth, to: stem - GAP };
  const sides = [right, left].filter(({ from, to }) => from >= 0 && to <= width);
  for (const side of sides) {
    for (let row = 0; row < MAX_ROWS; row += 1) {
      const box = { ...side, stem, row };
      if (!taken.some((other) => collide(box, other))) return box;
    }
  }
  return undefined;
}

/** Two labels collide in one row, or where the stem of the higher one runs through the lower one. */
function collide(a: Box, b: Box): boolean {
  if (a.row === b.row && a.from < b.to + APART && b.from < a.to + APART) return true;
  const [low, high] = a.row < b.row ? [a, b] : [b, a];
  const crossing = high.stem > low.from - GAP / 2 && high.stem < low.to + GAP;
  return a.row !== b.row && crossing;
}

/** At most `most` marks, the important kinds first; of a kind that is too many, ones spread evenly over time. */
function choose(marks: readonly EventMark[], most: number): EventMark[] {
  const chosen: EventMark[] = [];
  for (const kind of IMPORTANCE) {
    const ofKind = marks.filter((mark) => mark.kind === kind).sort((a, b) => a.atS - b.atS);
    const room = Math.min(most - chosen.length, ofKind.length);
    const stride = room > 1 ? (ofKind.length - 1) / (room - 1) : 0;
    for (let at = 0; at < room; at += 1)
      chosen.push(...ofKind.slice(Math.round(at * stride), Math.round(at * stride) + 1));
  }
  return chosen;
}
