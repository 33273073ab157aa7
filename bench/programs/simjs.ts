/** Five containers on npm's simjs, as bare queues (see peers/fiveContainers.cpp): simjs.ts SECONDS. Skips where it is not installed. */
import { createRequire } from "node:module";
import { Draws } from "../draws.ts";
import { numberArgument, report, secondsOf } from "./result.ts";

interface Timed {
  done(callback: (message: number) => void, context: unknown, argument: number): void;
}
interface Entity {
  time(): number;
  setTimer(delay: number): Timed;
  useFacility(facility: object, duration: number): Timed;
}
interface Simjs {
  readonly Sim: new () => { addEntity(entity: new () => Entity, name: string): void; simulate(until: number): void };
  readonly Entity: new () => Entity;
  readonly Facility: { new (name: string, discipline: number, servers: number): object; readonly FCFS: number };
}

const CONTAINERS = 5;
const SLOTS = 4;

function load(): Simjs | undefined {
  const require = createRequire(import.meta.url);
  // The package is a browser's bundle, which hangs its classes on the window.
  Object.assign(globalThis, { window: globalThis });
  try {
    require.resolve("simjs");
  } catch {
    return undefined;
  }
  require("simjs");
  return (globalThis as unknown as { Sim: Simjs }).Sim;
}

function run({ Sim, Entity, Facility }: Simjs, horizon: number): void {
  const arrivals = new Draws(1);
  const services = new Draws(2);
  const containers = Array.from({ length: CONTAINERS }, (_, i) => new Facility(`c${i}`, Facility.FCFS, SLOTS));
  let latency = 0;
  let answered = 0;
  let turn = 0;
  class Source extends Entity {
    start() {
      this.setTimer(arrivals.exponential(2500)).done(this.arrive, this, 0);
    }
    arrive() {
      const chosen = containers[turn] ?? {};
      turn = (turn + 1) % CONTAINERS;
      this.useFacility(chosen, services.exponential(40_000)).done(this.leave, this, this.time());
      const delay = arrivals.exponential(2500);
      if (this.time() + delay < horizon) this.setTimer(delay).done(this.arrive, this, 0);
    }
    leave(arrivedAt: number) {
      latency += this.time() - arrivedAt;
      answered++;
    }
  }
  const seconds = secondsOf(() => {
    const sim = new Sim();
    sim.addEntity(Source, "source");
    sim.simulate(Number.MAX_SAFE_INTEGER);
  });
  report({ units: answered, seconds, agreed: latency / answered / 1000 });
}

const simjs = load();
if (simjs === undefined) console.log("SKIP simjs is not installed: npm install --no-save simjs");
else run(simjs, numberArgument(0) * 1e6);
