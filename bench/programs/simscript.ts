/** Five containers on npm's simscript, as bare queues: simscript.ts SECONDS. Skips where it is not installed. */
import { createRequire } from "node:module";
import { Draws } from "../draws.ts";
import { numberArgument, report } from "./result.ts";

interface Simulation {
  readonly timeNow: number;
  readonly finished: { addEventListener(listener: () => void): void };
  onStarting: () => void;
  activate(entity: object): void;
  start(isMaxSpeed: boolean): void;
}
interface Entity {
  readonly simulation: Simulation;
  delay(time: number): Promise<void>;
  enterQueue(queue: object): Promise<void>;
  leaveQueue(queue: object): void;
}
interface Simscript {
  readonly Simulation: new () => Simulation;
  readonly Entity: new () => Entity;
  readonly Queue: new (name: string, capacity: number) => object;
}

const CONTAINERS = 5;
const SLOTS = 4;

function load(): Simscript | undefined {
  const require = createRequire(import.meta.url);
  // The library gives way to the browser's drawing now and then.
  Object.assign(globalThis, { requestAnimationFrame: (callback: () => void) => setImmediate(callback) });
  try {
    require.resolve("simscript");
  } catch {
    return undefined;
  }
  return require("simscript") as Simscript;
}

async function run({ Simulation, Entity, Queue }: Simscript, horizon: number): Promise<void> {
  const arrivals = new Draws(1);
  const services = new Draws(2);
  const containers = Array.from({ length: CONTAINERS }, (_, i) => new Queue(`c${i}`, SLOTS));
  let latency = 0;
  let answered = 0;
  let turn = 0;
  class Request extends Entity {
    async script() {
      const chosen = containers[turn] ?? {};
      turn = (turn + 1) % CONTAINERS;
      const arrivedAt = this.simulation.timeNow;
      const service = services.exponential(40_000);
      await this.enterQueue(chosen);
      await this.delay(service);
      this.leaveQueue(chosen);
      latency += this.simulation.timeNow - arrivedAt;
      answered++;
    }
  }
  class Source extends Entity {
    async script() {
      for (;;) {
        const delay = arrivals.exponential(2500);
        if (this.simulation.timeNow + delay >= horizon) return;
        await this.delay(delay);
        this.simulation.activate(new Request());
      }
    }
  }
  const simulation = new Simulation();
  simulation.onStarting = () => simulation.activate(new Source());
  const start = performance.now();
  await new Promise<void>((resolve) => {
    simulation.finished.addEventListener(() => resolve());
    simulation.start(true);
  });
  report({ units: answered, seconds: (performance.now() - start) / 1000, agreed: latency / answered / 1000 });
}

const simscript = load();
if (simscript === undefined) console.log("SKIP simscript is not installed: npm install --no-save simscript");
else await run(simscript, numberArgument(0) * 1e6);
