/** Pods that say the same are looked through once: each is still judged by what is its own. */
import { expect, test } from "vitest";
import { problemsOf } from "../manifestSets.ts";

const podOf = (name: string, spec: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { ${spec} containers: [{ name: main, image: web:v1 }] }
`;

test("a wrong nodeName is told of the second pod, and a wrong spec of each", () => {
  const text = [
    ...[podOf("a", "nodeName: n,"), podOf("b", "nodeName: N,"), podOf("c", "hostname: H,"), podOf("d", "hostname: H,")],
  ].join("---\n");
  expect(
    problemsOf(text)
      .split("\n")
      .map((line) => /Pod (\w, [\w.]+): found/.exec(line)?.[1]),
  ).toEqual(["b, spec.nodeName", "c, spec.hostname", "d, spec.hostname"]);
});
