import type { Worker } from "node:worker_threads";
import { SLOT } from "./fuzzTasks.ts";

/** Between two looks at a worker's heartbeat. A machine that slept meanwhile has not waited longer for it. */
const LOOK_EVERY_MS = 25;
/** A thread that is not idle has had at least this share of the time, however busy the machine: what waits without a loop ends too. */
const LEAST_SHARE = 0.25;

/** Threads that are listened to now: they share the processors among them. */
let listening = 0;

/**
 * Calls `hangs` once the heartbeat has stood still for that long, in the time that the thread has had: on a machine that is busy with
 * other things a thread gets on slowly, and that is nobody's fault.
 *
 * @returns what ends the listening.
 */
export function watchHeart(
  { worker, slots }: { readonly worker: Worker; readonly slots: Int32Array },
  hangAfterMs: number,
  hangs: () => void,
): () => void {
  let beats = Atomics.load(slots, SLOT.beats);
  let quietMs = 0;
  let before = looked(worker);
  listening++;
  let isOver = false;
  const end = () => {
    if (!isOver) listening--;
    isOver = true;
    clearInterval(eye);
  };
  const eye = setInterval(() => {
    const now = looked(worker);
    const heard = Atomics.load(slots, SLOT.beats);
    quietMs = heard === beats ? quietMs + timeHad(before, now) : 0;
    beats = heard;
    before = now;
    if (quietMs < hangAfterMs) return;
    end();
    hangs();
  }, LOOK_EVERY_MS);
  return end;
}

/** Clocks at one look, all in ms: on the wall, of the processors for all threads, and how long the thread had nothing to do. */
interface Looked {
  readonly wall: number;
  readonly processors: number;
  readonly idle: number;
}

function looked(worker: Worker): Looked {
  const { user, system } = process.cpuUsage();
  return {
    wall: performance.now(),
    processors: (user + system) / 1000,
    idle: worker.performance.eventLoopUtilization().idle,
  };
}

/** Of a thread between two looks: the time that it was idle, and of the rest what it can have had of the processors. */
function timeHad(before: Looked, now: Looked): number {
  const wall = Math.min(now.wall - before.wall, 4 * LOOK_EVERY_MS);
  const idle = Math.min(wall, Math.max(0, now.idle - before.idle));
  const most = (now.processors - before.processors) / listening;
  return idle + Math.min(wall - idle, Math.max(most, (wall - idle) * LEAST_SHARE));
}
