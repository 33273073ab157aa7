import type { RolloutView } from "../rollout/strategy.ts";
import type { HostView, PlacementRequest, Snapshot } from "../scheduling/framework.ts";
import { BUILT_IN, type Catalogue, type Plugin, withPlugins } from "../simulation/catalogue.ts";
import { type Misdeed, PluginMisdeed } from "./misdeeds.ts";
import { askedFor, seen } from "./story.ts";

/** Is told when a plug-in that is not built in is asked, and when it has answered. */
export interface QuestionWatch {
  /** `words` says who is asked what; it costs something only when it is called. */
  readonly onAsk: (words: () => string) => void;
  readonly onAnswer: () => void;
}

/** What is in a catalogue that is not built in. */
export function ownPlugins(catalogue: Catalogue): Plugin[] {
  const strategies = [...catalogue.strategies.values()].filter((one) => BUILT_IN.strategies.get(one.name) !== one);
  const schedulers = [...catalogue.schedulers]
    .filter(([name, entry]) => name !== "profile" && BUILT_IN.schedulers.get(name) !== entry)
    .map(([, entry]) => entry.make(undefined));
  const plugins = catalogue.schedulerPlugins.filter((one) => !BUILT_IN.schedulerPlugins.includes(one));
  return [...strategies, ...schedulers, ...plugins];
}

/** The same catalogue, with every question to a plug-in that is not built in told to `watch`, and its end. */
export function askedCatalogue(catalogue: Catalogue, watch: QuestionWatch): Catalogue {
  const own = ownPlugins(catalogue);
  return own.length === 0
    ? catalogue
    : withPlugins(
        BUILT_IN,
        own.map((plugin) => asked(plugin, watch)),
      );
}

/**
 * The same catalogue, with its `call`-th question to a plug-in that is not built in never put: in its place comes the
 * misdeed. So what a plug-in that never answers was asked can be told without asking it.
 */
export function unansweredCatalogue(catalogue: Catalogue, call: number, misdeed: Misdeed): Catalogue {
  let calls = 0;
  const ending = misdeed === "plug-in-hangs" ? "it never answered" : "it took memory until there was none left";
  return askedCatalogue(catalogue, {
    onAsk: (words) => {
      if (++calls < call) return;
      // The next run of the same scenario counts from the beginning.
      calls = 0;
      throw new PluginMisdeed(misdeed, `${words()}; ${ending}`);
    },
    onAnswer: () => {},
  });
}

/** What the interface lets a plug-in have beside functions; a class may have it on its prototype. */
const FIELDS = ["kind", "name", "describe", "settings", "operatedBy", "closes", "memory", "normalise"];

/** The functions of the interface, and the words for what each is asked. */
const QUESTIONS: Readonly<Record<string, (given: readonly never[]) => string>> = {
  plan: ([view]: readonly RolloutView[]) => (view === undefined ? "was asked for a plan" : `saw ${seen(view)}`),
  place: (given) => askedFor(...(given as unknown as [PlacementRequest, Snapshot])),
  filter: ([request, host]: readonly never[]) => onHost("whether there is a place for", request, host),
  score: ([request, host]: readonly never[]) => onHost("for a score of", request, host),
  prepare: ([request]: readonly PlacementRequest[]) => `was asked to prepare for ${request?.container}`,
  minReady: () => "was asked for minReady",
  pace: () => "was asked for its pace",
  revisionHistoryLimit: () => "was asked for revisionHistoryLimit",
};

function onHost(what: string, request: PlacementRequest | undefined, host: HostView | undefined): string {
  return `was asked ${what} ${request?.container} on ${host?.spec.name}`;
}

const KINDS = { strategy: "strategy", scheduler: "scheduler", "scheduler-plugin": "scheduler plugin" } as const;

function asked(plugin: Plugin, { onAsk, onAnswer }: QuestionWatch): Plugin {
  const from = plugin as unknown as Readonly<Record<string, unknown>>;
  const wrapped: Record<string, unknown> = { ...from };
  for (const field of FIELDS) if (from[field] !== undefined) wrapped[field] = from[field];
  for (const [method, words] of Object.entries(QUESTIONS)) {
    const answer = from[method];
    if (typeof answer !== "function") continue;
    wrapped[method] = (...given: never[]): unknown => {
      onAsk(() => `${KINDS[plugin.kind]} "${plugin.name}" ${words(given)}`);
      try {
        return Reflect.apply(answer, plugin, given);
      } finally {
        onAnswer();
      }
    };
  }
  return wrapped as unknown as Plugin;
}
