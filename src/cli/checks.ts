import { evaluateCheck, parseCheck } from "../experiments/expect.ts";
import type { RunSummary } from "../metrics/result.ts";
import { UsageError } from "./exitCodes.ts";

/** What a run was held to, and did not meet: lines for people. */
export interface Verdicts {
  readonly broken: readonly string[];
  readonly held: number;
}

/** Checks as the user wrote them, read before anything runs. @throws UsageError where one cannot be read. */
export function readChecks(texts: readonly string[], where: string): void {
  for (const text of texts) {
    try {
      parseCheck(text);
    } catch (error) {
      throw new UsageError(`${where} ${text}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Holds one run to the scenario's expectations, `--fail-if`, and under `--strict` its objectives. */
export function judge(
  summary: RunSummary,
  held: { readonly expect: readonly string[]; readonly failIf: readonly string[]; readonly strict: boolean },
): Verdicts {
  const broken: string[] = [];
  for (const text of held.expect) {
    const { holds, found } = evaluateCheck(parseCheck(text), summary);
    if (!holds) broken.push(`expected ${text}; ${found} (seed ${summary.seed})`);
  }
  for (const text of held.failIf) {
    const { holds, found } = evaluateCheck(parseCheck(text), summary);
    if (holds) broken.push(`--fail-if ${text}: it holds; ${found} (seed ${summary.seed})`);
  }
  if (held.strict) {
    for (const [name, { slo }] of Object.entries(summary.services)) {
      if (slo !== null && !slo.met) broken.push(`--strict: ${name} misses its objective (seed ${summary.seed})`);
    }
  }
  return { broken, held: held.expect.length + held.failIf.length - broken.length };
}
