import { Worker } from "node:worker_threads";
import { PluginError } from "../kernel/errors.ts";
import type { Broken } from "../testkit/fuzzer.ts";
import { UsageError } from "./exitCodes.ts";
import { watchHeart } from "./fuzzHeart.ts";
import type { FuzzOptions } from "./fuzzOptions.ts";
import { type News, SLOT, SLOTS, type Task, type TaskKind, type Tasks, type ThreadData } from "./fuzzTasks.ts";

/** What came of a task. */
export type Outcome<Answer> =
  | { readonly kind: "done"; readonly answer: Answer }
  /** It was ended, because it got on no more, or had no memory left. */
  | {
      readonly kind: "stopped";
      readonly why: "plug-in-hangs" | "plug-in-exhausts-memory";
      /** The scenario of the task that ran, from 1; 0 where the task is not a batch. */
      readonly run: number;
      /** The question to a plug-in of one's own in that scenario, from 1. */
      readonly call: number;
      /** False: it hung outside of every plug-in. */
      readonly isAsking: boolean;
    }
  /** `end` was called. */
  | { readonly kind: "ended" };

/** What a task may have beside. */
export interface TaskWatch {
  /** In place of the worker's own. */
  readonly hangAfterMs?: number;
  readonly onBroken?: (broken: Broken) => void;
}

/** What one worker may have of JavaScript's memory, beyond which a plug-in is taken to collect without end. */
const MOST_MEGABYTES = 1024;
const OWN_ENDING = import.meta.url.endsWith(".ts") ? "ts" : "js";

/**
 * One thread that runs scenarios, and an eye on it. A thread that does not get on for `hangAfterMs` is ended; the next task
 * gets a new one. Tasks are done one after another.
 */
export class FuzzWorker {
  readonly #options: FuzzOptions;
  readonly #hangAfterMs: number;
  #thread: { readonly worker: Worker; readonly slots: Int32Array } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isEnded = false;
  #stopWaiting: () => void = () => {};

  constructor(options: FuzzOptions, hangAfterMs: number) {
    this.#options = options;
    this.#hangAfterMs = hangAfterMs;
  }

  /** Loads the plug-ins. @throws UsageError, PluginError: also for a plug-in whose loading never ends. */
  async start(): Promise<void> {
    await this.#queued(() => this.#ready({}));
  }

  /** Does one task. @throws whatever the task throws: a fault of this program. */
  do<Kind extends TaskKind>(
    task: { readonly kind: Kind } & Tasks[Kind]["asked"],
    watch: TaskWatch = {},
  ): Promise<Outcome<Tasks[Kind]["answer"]>> {
    return this.#queued(async () => {
      const outcome = await this.#ready(watch);
      if (outcome !== undefined) return outcome;
      this.#thread?.worker.postMessage(task as unknown as Task);
      return this.#wait<Tasks[Kind]["answer"]>("answer", watch);
    });
  }

  /** Ends the thread at once, in the middle of whatever it does. */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#stopWaiting();
    await this.#drop();
  }

  #queued<T>(act: () => Promise<T>): Promise<T> {
    const next = this.#last.then(act);
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Undefined: there is a thread that waits for a task. @throws PluginError for a plug-in whose loading never ends. */
  async #ready(watch: TaskWatch): Promise<Extract<Outcome<never>, { kind: "ended" }> | undefined> {
    if (this.#isEnded) return { kind: "ended" };
    if (this.#thread !== undefined) return undefined;
    const shared = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT);
    const data: ThreadData = { options: this.#options, shared };
    const worker = new Worker(new URL(`./fuzzThread.${OWN_ENDING}`, import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    });
    // One without a listener would end the program.
    worker.on("error", () => {});
    this.#thread = { worker, slots: new Int32Array(shared) };
    // Loading is no plug-in's answer: it has the whole time, however short a single question is watched.
    const { hangAfterMs: _short, ...rest } = watch;
    const outcome = await this.#wait<never>("ready", { ...rest, hangAfterMs: Math.max(this.#hangAfterMs, LOADING_MS) });
    // No scenario's fault: a find that is checked again must not be taken for another one.
    if (outcome.kind === "stopped") throw neverLoaded(this.#options, outcome.why);
    return outcome.kind === "done" ? undefined : outcome;
  }

  async #drop(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.worker.terminate();
  }

  /** Waits for news of that kind, as long as the thread gets on. */
  async #wait<Answer>(wanted: "ready" | "answer", watch: TaskWatch): Promise<Outcome<Answer>> {
    const thread = this.#thread;
    if (thread === undefined) return { kind: "ended" };
    const { worker, slots } = thread;
    const stopped = (why: "plug-in-hangs" | "plug-in-exhausts-memory"): Outcome<Answer> => ({
      kind: "stopped",
      why,
      run: Atomics.load(slots, SLOT.runs),
      call: Atomics.load(slots, SLOT.calls),
      isAsking: Atomics.load(slots, SLOT.asking) === 1,
    });
    let unwatch = () => {};
    let letGo = () => {};
    try {
      return await new Promise<Outcome<Answer>>((resolve, reject) => {
        this.#stopWaiting = () => resolve({ kind: "ended" });
        unwatch = watchHeart(thread, watch.hangAfterMs ?? this.#hangAfterMs, () => {
          void this.#drop().then(() => resolve(stopped("plug-in-hangs")));
        });
        letGo = listen(worker, {
          message: (news) => {
            if (news.kind === "broken") watch.onBroken?.(news.broken);
            else if (news.kind === "failed") reject(rebuilt(news));
            else if (news.kind === wanted)
              resolve({ kind: "done", answer: (news.kind === "answer" ? news.value : undefined) as Answer });
          },
          error: (error) => {
            this.#thread = undefined;
            if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(stopped("plug-in-exhausts-memory"));
            else reject(error);
          },
          exit: () => {
            // Otherwise it was ended from here.
            if (this.#thread?.worker !== worker) return;
            this.#thread = undefined;
            reject(new PluginError("A plug-in ended its thread (process.exit), or waits for what never comes."));
          },
        });
      });
    } finally {
      unwatch();
      letGo();
      this.#stopWaiting = () => {};
    }
  }
}

/** What is heard of a thread. */
interface Ears {
  readonly message: (news: News) => void;
  readonly error: (error: Error & { readonly code?: string }) => void;
  readonly exit: () => void;
}

/** @returns what ends the listening. */
function listen(worker: Worker, ears: Ears): () => void {
  worker.on("message", ears.message).on("error", ears.error).on("exit", ears.exit);
  return () => {
    worker.off("message", ears.message).off("error", ears.error).off("exit", ears.exit);
  };
}

/** Loading the program itself takes a second or two. */
const LOADING_MS = 10_000;

/** An error as it was in the thread. */
function rebuilt({ name, message, stack }: Extract<News, { kind: "failed" }>): Error {
  const error = ofThatName(name, message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function ofThatName(name: string, message: string): Error {
  if (name === "UsageError") return new UsageError(message);
  return name === "PluginError" ? new PluginError(message) : Object.assign(new Error(message), { name });
}

function neverLoaded({ plugin }: FuzzOptions, why: string): PluginError {
  const reason =
    why === "plug-in-hangs"
      ? "its loading does not end; nothing at its top level may wait or loop for ever"
      : "its loading takes more memory than there is";
  return new PluginError(`--plugin ${(plugin ?? []).join(", ")}: ${reason}.`);
}
