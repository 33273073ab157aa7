import type { Scenario } from "../cluster/spec.ts";
import type { Ties } from "../kernel/ties.ts";
import type { Broken, Find, SearchPlace } from "../testkit/fuzzer.ts";
import type { Violation } from "../testkit/invariant.ts";
import type { Misdeed } from "../testkit/misdeeds.ts";
import type { FuzzOptions } from "./fuzzOptions.ts";

/** Scenarios of one batch: what one worker does at a time. Another number here makes other scenarios of the same seed. */
export const BATCH = 20;

/** What a worker is told when it starts. */
export interface ThreadData {
  readonly options: FuzzOptions;
  /** `SLOT`s. */
  readonly shared: SharedArrayBuffer;
}

/** What a worker writes down while it works, so that it can be read when it does not answer any more. */
export const SLOT = {
  /** Counts up as long as it gets on: each scenario, each question to a plug-in, each answer. */
  beats: 0,
  /** Scenarios begun in this task, those of shrinking left out. */
  runs: 1,
  /** Questions put to plug-ins of one's own in this scenario. */
  calls: 2,
  /** 1 while a plug-in is being asked. */
  asking: 3,
} as const;

/** How many `SLOT`s there are. */
export const SLOTS = 4;

/** Which invariants a check asks: all of the plan's, those and `no-request-lost`, none (misdeeds only), or one by name. */
export type Ask = "all" | "all-and-no-request-lost" | "none" | { readonly only: string };

/** An order of simultaneous events; undefined: as the plan says. */
export type Order = Ties | "of-scheduling";

/** What a worker can be asked to do, and what it answers, by kind. */
export interface Tasks {
  /** Runs one batch, and makes nothing smaller. */
  readonly look: { readonly asked: { readonly from: SearchPlace; readonly count: number }; readonly answer: Look };
  /** The same batch again, and what breaks in it made smaller. */
  readonly search: {
    readonly asked: { readonly from: SearchPlace; readonly count: number };
    readonly answer: Find | undefined;
  };
  /** One scenario. */
  readonly check: {
    readonly asked: {
      readonly scenario: Scenario;
      readonly ask: Ask;
      readonly story: boolean;
      readonly ties?: Order | undefined;
    };
    readonly answer: Violation | undefined;
  };
  /** One scenario, in which one question is never put because its answer would never come. */
  readonly unanswered: {
    readonly asked: {
      readonly scenario: Scenario;
      readonly ask: Ask;
      readonly call: number;
      readonly misdeed: Misdeed;
    };
    readonly answer: Violation | undefined;
  };
}

export type TaskKind = keyof Tasks;

/** What came of one batch. */
export interface Look {
  readonly runs: number;
  readonly broke: string | undefined;
  readonly transitions: readonly (readonly [transition: string, times: number])[];
}

/** A task on its way to a worker. */
export type Task = { readonly [Kind in TaskKind]: { readonly kind: Kind } & Tasks[Kind]["asked"] }[TaskKind];

/** What a worker says. */
export type News =
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly value: unknown }
  /** A find got smaller. */
  | { readonly kind: "broken"; readonly broken: Broken }
  | { readonly kind: "failed"; readonly name: string; readonly message: string; readonly stack: string | undefined };
