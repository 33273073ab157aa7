import { describe, expect, test } from "vitest";
import { readSources } from "../../src/scenario/sourceTree.ts";

function told(text: string): string {
  try {
    readSources(text, "app.yaml");
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
  return "";
}

describe("a Helm template that nobody has rendered", () => {
  const says = "this is a Helm template; render it first: helm template <chart> | rehearse run -";

  test.each([
    ["a value", "spec:\n  replicas: {{ .Values.replicas }}\n  paused: {{ .Values.paused }}\n", "2:13"],
    ["a condition", 'a: "{{ quoted }}"\n{{- if .Values.on }}\nb: 1\n{{- end }}\n', "2:1"],
  ])("is told as one: %s", (_what, text, place) => {
    expect(told(text)).toBe(`app.yaml:${place}: ${says}`);
  });

  test.each([
    ["in quotes", 'a: "{{ x }}"\nb: [\n'],
    ["in a block text", "a: |\n  {{ x }}\nb: [\n"],
    ["in a comment", "# {{ x }}\nb: [\n"],
    ["a map as a key", "a: {{ b: c }: d}\n"],
  ])("is not seen %s", (_what, text) => {
    expect(told(text)).not.toBe("");
    expect(told(text)).not.toContain("Helm");
  });

  test("a text that can be read is read", () => {
    expect(told('a: "{{ x }}"\n')).toBe("");
  });
});

test("of one tab, one mistake is told", () => {
  expect(told("spec:\n  selector:\n    matchLabels:\n\t  app: cart\n  template:\n    a: 1\n").split("\n")).toEqual([
    "app.yaml:4:1: not valid YAML: Tabs are not allowed as indentation",
  ]);
});
