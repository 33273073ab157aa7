import { describe, expect, test } from "vitest";
import { ScenarioError } from "../../src/scenario/scenarioError.ts";
import { decodeSource } from "../../src/scenario/sourceText.ts";
import { caseOf } from "../support/readerFuzz/cases.ts";
import { readCorpus } from "../support/readerFuzz/corpus.ts";
import { judgeCase } from "../support/readerFuzz/judge.ts";
import { problemsOf, read } from "./readings.ts";

const CASES = 1_500;
const SEED = 1;

describe("the readers, given what nobody should write", () => {
  test("run it, or refuse it with a line, and nothing else", { timeout: 240_000 }, () => {
    const corpus = readCorpus();
    const endings = new Map<string, number>();
    for (let number = 0; number < CASES; number++) {
      let ending: string;
      try {
        ending = judgeCase(caseOf(corpus, SEED, number));
      } catch (error) {
        throw new Error(`case ${number} of seed ${SEED}`, { cause: error });
      }
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
    }
    // Else the cases would be so broken, or so whole, that they tried nothing.
    expect(endings.get("ran")).toBeGreaterThan(CASES / 10);
    expect(endings.get("refused")).toBeGreaterThan(CASES / 4);
  });
});

describe("bytes that are no UTF-8", () => {
  test("are refused with their line, and never read as other characters", () => {
    const bytes = Uint8Array.from([...Buffer.from("duration: 1m\nname: "), 0xff, ...Buffer.from("\nseed: 1\n")]);
    expect(() => decodeSource(bytes, "shop.yaml")).toThrow(ScenarioError);
    expect(() => decodeSource(bytes, "shop.yaml")).toThrow(/^shop\.yaml:2:1: found bytes that are no UTF-8/);
  });

  test("cut off within the last character are on the last line", () => {
    expect(() => decodeSource(Uint8Array.from([0x0a, 0x0a, 0xe2, 0x82]), "a.yaml")).toThrow(/^a\.yaml:3:1/);
  });

  test("a byte order mark and any UTF-8 are text", () => {
    expect(decodeSource(new TextEncoder().encode("\ufeffname: ü\u2028"), "a.yaml")).toBe("name: ü\u2028");
  });
});

test("a quote in the middle of a cell of a trace is refused with its file", () => {
  const text = `duration: 10m
cluster: { hosts: [{ cpu: 4, memory: 8Gi }] }
images: { "shop:v1": {} }
services:
  shop: { image: "shop:v1", cpu: 1, memory: 1Gi, traffic: { arrivals: "replay(a.csv, time=at)" } }
`;
  expect(read(text, { files: { "a.csv": "at\n1\n" } }).scenario.services).toHaveLength(1);
  expect(problemsOf(text, { files: { "a.csv": 'at\n1"2\n' } })).toEqual([
    expect.stringMatching(
      /^shop\.yaml:5:\d+ services\.shop\.traffic\.arrivals: a\.csv: no valid CSV: Invalid Opening Quote/,
    ),
  ]);
});

test("a text of mistakes only leaves the traces of everybody's errors as they were", () => {
  const before = Error.stackTraceLimit;
  expect(problemsOf('"'.repeat(500))).not.toHaveLength(0);
  expect(Error.stackTraceLimit).toBe(before);
});
