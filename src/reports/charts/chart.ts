/** A Vega-Lite specification, or a part of one, as plain JSON. */
export interface Spec {
  readonly [property: string]: unknown;
}

/** A table that says in numbers what a chart draws, for those who do not see it. */
export interface ChartTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One figure of a report, before it is drawn. */
export interface Chart {
  /** File name without extension, distinct within one report. */
  readonly slug: string;
  readonly title: string;
  /** What is drawn and how to read it, in a sentence or two. */
  readonly caption: string;
  /** The text alternative: what a reader would see. */
  readonly description: string;
  readonly spec: Spec;
  readonly table: ChartTable;
}

/** A figure as files: the specification, the drawing, and the drawing in pixels. */
export interface DrawnChart {
  readonly chart: Chart;
  readonly svg: string;
  readonly png: Uint8Array;
}
