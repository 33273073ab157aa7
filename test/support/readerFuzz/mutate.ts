/** Ways to spoil a valid text. Every choice comes from the stream, so a case can be had again by its number. */
import type { Stream } from "../../../src/kernel/random.ts";

/** One of the list, by chance. */
export function oneOf<Value>(stream: Stream, list: readonly Value[]): Value {
  if (list.length === 0) throw new Error("there must be something to choose from");
  return list[stream.below(list.length)] as Value;
}

/** Values of every kind that may stand where another was meant. */
export const VALUES: readonly string[] = [
  ...["", "null", "~", "true", "-1", "0", "1", "1.5", "1e9", "1e999", "-.inf", ".nan", "0x7fffffffffffffff", "1e12/s"],
  ...[
    "9007199254740993",
    "1000000000000",
    "1e9y",
    "876000000h",
    "1000000000000/s",
    "99999999999999Gi",
    "1e300s",
    "5e-324s",
  ],
  ...[
    "many",
    "[]",
    "{}",
    "[{}]",
    "[[[]]]",
    "{ a: b }",
    "{ __proto__: 1 }",
    "{ constructor: { prototype: 1 } }",
    '"',
    "'",
  ],
  ...[
    "*x",
    "&x [*x]",
    "&x",
    "!!binary aGk=",
    "!!js/function 'x'",
    "!!set { a }",
    "!tag",
    "|",
    ">-",
    "? a",
    "- ",
    "@",
    "`",
    "%",
  ],
  ...[
    "{ <<: *x }",
    "<<",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "\u0000",
    "\ufeff",
    "\ud800",
    "\u2028",
  ],
  ...[
    "uniform(1s, 3s)",
    "uniform(3s, 1s)",
    "exponential(1e9h)",
    "lognormal(median=4s, p95=1e99s)",
    "pareto(min=1us, shape=0)",
  ],
  ...["weibull(shape=1e-9, scale=1us)", "gamma(mean=1s, cv=1e9)", "empirical()", "empirical(a.csv, column=serviceMs)"],
  ...[
    "trace(a.csv, time=at, count=requests, step=1us, scale=1e12)",
    "replay(a.csv, time=at)",
    "trace(a.csv.gz, time=at, count=requests, step=60s)",
  ],
  ...[
    "poisson(1000000/s)",
    "bursts(base=0/s, peak=1000000/s, every=1us, for=1us)",
    "users(1000000, think=0s)",
    "daily(mean=0/s, peak=1e9/s)",
  ],
  ...[
    "ramp(0/s, 1000000/s, over=1us)",
    "[{ for: 1us, arrivals: poisson(1/s) }]",
    "users(1, think=constant(0s))",
    "((((((((",
    "a(b(c(d",
    "100%",
    "-5%",
    "1e9%",
  ],
];

const KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "services",
  "cluster",
  "hosts",
  "manifests",
  "<<",
  "",
  " ",
  '"',
  "a.b",
  "[0]",
];

type Mutation = (text: string, stream: Stream) => string;

const MUTATIONS: readonly Mutation[] = [
  // Values for others, most often: these reach deepest into the readers.
  swapValue,
  swapValue,
  swapValue,
  (text, stream) => onLine(text, stream, (line) => line.replace(/\d+/, () => oneOf(stream, ENORMOUS))),
  (text, stream) => onLine(text, stream, (line) => line.replace(/[\w-]+(?=:)/, () => oneOf(stream, KEYS))),
  (text, stream) => onLine(text, stream, () => ""),
  (text, stream) => onLine(text, stream, (line) => `${line}\n${line}`),
  (text, stream) => onLine(text, stream, (line) => ` ${line}`),
  (text, stream) => onLine(text, stream, (line) => line.replace(/^ {1,2}/, "")),
  (text, stream) =>
    onLine(text, stream, (line) =>
      line.replace(/^( *)/, oneOf(stream, ["\t", "$1- ", "$1? ", "$1: ", "---\n", "...\n"])),
    ),
  swapTokens,
  cutPiece,
  insertBytes,
  (text, stream) => text.slice(0, stream.below(text.length + 1)),
  (text, stream) => text + text.slice(stream.below(text.length + 1)),
];

const ENORMOUS = [
  "1000000000",
  "1000000000000",
  "9007199254740992",
  "99999999999999999999",
  "1e400",
  "-1",
  "0.0000001",
  "0",
];

/** Spoils a text in one to three ways. */
export function mutated(text: string, stream: Stream): string {
  let result = text;
  for (let left = 1 + stream.below(stream.below(3) + 1); left > 0; left--)
    result = oneOf(stream, MUTATIONS)(result, stream);
  return result;
}

function onLine(text: string, stream: Stream, change: (line: string) => string): string {
  const lines = text.split("\n");
  const at = stream.below(lines.length);
  lines[at] = change(lines[at] ?? "");
  return lines.join("\n");
}

function swapValue(text: string, stream: Stream): string {
  const places = [...text.matchAll(/: *([^\s#{[][^\n#,}\]]*)/g)];
  if (places.length === 0) return `${text}: ${oneOf(stream, VALUES)}`;
  const { index, 0: whole, 1: value = "" } = oneOf(stream, places);
  const start = index + whole.length - value.length;
  return text.slice(0, start) + oneOf(stream, VALUES) + text.slice(start + value.length);
}

function swapTokens(text: string, stream: Stream): string {
  const tokens = text.split(/(\b)/);
  const a = stream.below(tokens.length);
  const b = stream.below(tokens.length);
  [tokens[a], tokens[b]] = [tokens[b] ?? "", tokens[a] ?? ""];
  return tokens.join("");
}

function cutPiece(text: string, stream: Stream): string {
  const start = stream.below(text.length + 1);
  return text.slice(0, start) + text.slice(start + stream.below(40));
}

function insertBytes(text: string, stream: Stream): string {
  const at = stream.below(text.length + 1);
  const length = 1 + stream.below(8);
  const piece = Array.from({ length }, () =>
    String.fromCharCode(stream.below(stream.below(4) === 0 ? 0x1_0000 : 0x80)),
  );
  return text.slice(0, at) + piece.join("") + text.slice(at);
}
