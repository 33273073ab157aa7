/** The hold model on the whole kernel, with clock, handlers, total order and digest: holdEngine.ts PENDING STEPS. */
import { BAND, Engine } from "../../src/kernel/engine.ts";
import { Draws } from "../draws.ts";
import { numberArgument, report, secondsOf } from "./result.ts";

const SECOND = 1e6;
const pending = numberArgument(0);
const steps = numberArgument(1);
const draws = new Draws(1);
const engine = new Engine();
const hold = engine.define("hold", BAND.traffic, (a) => {
  engine.after(draws.exponential(SECOND), hold, a);
});
for (let i = 0; i < pending; i++) engine.at(draws.exponential(SECOND), hold, i);
const seconds = secondsOf(() => engine.run(Number.MAX_SAFE_INTEGER, steps));
report({ units: steps, seconds, agreed: engine.now });
