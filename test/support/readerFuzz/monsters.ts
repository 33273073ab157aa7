/** Texts made to break a reader: depth, length, bombs, bytes. */
import type { Stream } from "../../../src/kernel/random.ts";
import { mutated, oneOf, VALUES } from "./mutate.ts";

/** A text that nobody would write, yet somebody may send. */
export function monster(stream: Stream): Uint8Array {
  return oneOf(stream, MONSTERS)(stream);
}

/** Mostly small; now and then as large as a hundred thousand. */
function size(stream: Stream): number {
  return stream.below(50) === 0 ? 100_000 : 1 + stream.below(stream.below(4) === 0 ? 2000 : 90);
}

const encoder = new TextEncoder();
const made = (make: (stream: Stream) => string) => (stream: Stream) => encoder.encode(make(stream));

const MONSTERS: readonly ((stream: Stream) => Uint8Array)[] = [
  randomBytes,
  randomBytes,
  made(opened),
  made((stream) => nestedBlocks(Math.min(size(stream), 2000))),
  made((stream) => "- ".repeat(size(stream))),
  made((stream) => "? ".repeat(size(stream))),
  made(
    (stream) =>
      `${oneOf(stream, ["a", '"', "'", "|", ">", "#", "%", "&a ", "!", "*a "])}${oneOf(stream, ["x", " ", "\n", "\\", '"', "'", "\t"]).repeat(size(stream))}`,
  ),
  made((stream) => `${"k".repeat(size(stream))}: ${"v".repeat(size(stream))}`),
  made((stream) => laughs(2 + stream.below(30), 2 + stream.below(20))),
  made((stream) => `a: &a { b: ${oneOf(stream, ["*a", "[*a]", "{ c: *a }"])} }\n<<: *a\nc: ${oneOf(stream, VALUES)}`),
  made(
    (stream) => `base: &b { duration: 1m }\n<<: ${oneOf(stream, ["*b", "[*b, *b]", "*nobody", "1"])}\nduration: 2m\n`,
  ),
  made((stream) => "---\na: 1\n".repeat(Math.min(size(stream), 5000))),
  made((stream) => "duration: 1m\n".repeat(Math.min(size(stream), 5000))),
  made((stream) => `duration: ${oneOf(stream, ["1", "-", "1e", ".", "1m", "9"]).repeat(size(stream))}`),
  made((stream) => Array.from({ length: 1 + stream.below(30) }, () => oneOf(stream, TOKENS)).join("")),
  made((stream) =>
    Array.from({ length: 1 + stream.below(12) }, () => `${oneOf(stream, KEYS)}: ${oneOf(stream, VALUES)}`).join("\n"),
  ),
  made((stream) => `\ufeff${mutated("duration: 1m\ncluster: { hosts: [] }\n", stream)}\ufeff`),
];

const KEYS = [
  "duration",
  "warmup",
  "seed",
  "cluster",
  "images",
  "services",
  "timeline",
  "hazards",
  "expect",
  "manifests",
  "name",
  "apiVersion",
  "kind",
  "__proto__",
  "constructor",
];
const TOKENS = [
  ...VALUES,
  "\n",
  "\n  ",
  "\n- ",
  ": ",
  ", ",
  "{ ",
  "} ",
  "[ ",
  "] ",
  "# ",
  "--- ",
  "... ",
  "apiVersion: v1\n",
  "kind: Pod\n",
  "a",
  "(",
  ")",
  "\r",
  "\r\n",
  "\t",
  "|2\n",
  ">9\n",
];

function randomBytes(stream: Stream): Uint8Array {
  return Uint8Array.from({ length: Math.min(size(stream), 5000) }, () => stream.below(256));
}

/** Brackets or quotes that open and are never, or all, closed. */
function opened(stream: Stream): string {
  const [open, close] = oneOf(stream, [
    ["[", "]"],
    ["{", "}"],
    ["{a: ", "}"],
    ["[{a: [", "]}]"],
    ['"', '"'],
    ["(", ")"],
    ["{? ", "}"],
  ] as const);
  const depth = size(stream);
  const middle = `${open.repeat(depth)}${stream.below(2) === 0 ? "" : close.repeat(depth)}`;
  return `${oneOf(stream, ["", "services: ", "apiVersion: v1\nkind: Pod\nspec: ", "images: { a: { service: "])}${middle}`;
}

function nestedBlocks(depth: number): string {
  return Array.from({ length: depth }, (_, i) => `${" ".repeat(i)}a:`).join("\n");
}

/** Each list holds the one before it many times. */
function laughs(levels: number, width: number): string {
  const lines = Array.from({ length: levels }, (_, i) => {
    const item = i === 0 ? "lol" : `*l${i - 1}`;
    return `l${i}: &l${i} [${Array.from({ length: width }, () => item).join(", ")}]`;
  });
  return lines.join("\n");
}
