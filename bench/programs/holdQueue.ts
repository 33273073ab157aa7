/** The hold model on the kernel's queue alone: holdQueue.ts PENDING STEPS. */
import { EventQueue } from "../../src/kernel/eventQueue.ts";
import { Draws } from "../draws.ts";
import { numberArgument, report, secondsOf } from "./result.ts";

const SECOND = 1e6;
const pending = numberArgument(0);
const steps = numberArgument(1);
const draws = new Draws(1);
const queue = new EventQueue();
for (let i = 0; i < pending; i++) queue.push(draws.exponential(SECOND), 0, 0, i, 0);
const seconds = secondsOf(() => {
  for (let i = 0; i < steps; i++) {
    queue.pop();
    queue.push(queue.time + draws.exponential(SECOND), 0, 0, queue.a, 0);
  }
});
report({ units: steps, seconds, agreed: queue.time });
