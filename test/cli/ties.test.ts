import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FOUND, fuzz } from "../../src/cli/fuzz.ts";
import { readChoices, tieFlags, tiesInText } from "../../src/cli/ties.ts";
import { rehearse, shopYaml } from "./command.ts";

/** Right as long as the replicas' controller looks first, which nobody promises. */
const RACY = `export const racy = {
  kind: "strategy",
  name: "racy",
  describe: "takes for granted that whoever keeps the replicas has looked before it",
  plan: ({ next, previous, replicas, state }) => {
    if (state === "full" && next.desired === 1 && next.existing === 0) throw new Error("the only container is lost");
    return {
      scale: [{ release: next.id, desired: replicas }, ...previous.map(({ id }) => ({ release: id, desired: 0 }))],
      receiving: "all",
      state: next.existing >= replicas ? "full" : "filling",
    };
  },
};
`;

describe("reordered ties on the command line", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rehearse-ties-"));
    writeFileSync(join(folder, "racy.mjs"), RACY);
    writeFileSync(join(folder, "shop.yaml"), shopYaml());
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const options = () => ({
    quiet: true,
    plugin: [join(folder, "racy.mjs")],
    out: join(folder, "found.yaml"),
    corpus: join(folder, "corpus"),
    invariants: ["requests-conserved"],
    seed: 1,
    runs: 400,
  });

  test("fuzz finds a race only with --shuffle-ties, and its file names the two events", async () => {
    expect(await fuzz(options())).toBe(0);
    expect(await fuzz({ ...options(), shuffleTies: 1 })).toBe(FOUND);
    const text = readFileSync(options().out, "utf8");
    expect(text).toMatch(
      /# A race: at \S+ rollout-sync of shop runs before replicas-sync of shop:v\d, which was scheduled first/,
    );
    expect(text).toMatch(/--seed 1 --runs \d+ --shuffle-ties=1\.$/m);
    // Known by its comment, so that no flag is needed to see it again.
    expect(await fuzz(options())).toBe(FOUND);
    const flags = tieFlags(tiesInText(text)).trim().split(" ");
    const run = ["run", "found.yaml", "--plugin", "racy.mjs", "--no-report"];
    expect(rehearse(folder, run).status).toBe(0);
    const shown = rehearse(folder, [...run, ...flags]);
    expect(shown.status).toBe(3);
    expect(shown.stderr).toContain("the only container is lost");
    expect(shown.stderr).toContain(flags.join(" "));
    const replay = ["replay", "found.yaml", "--plugin", "racy.mjs", "--at", /^duration: (\S+)/m.exec(text)?.[1] ?? ""];
    expect(rehearse(folder, replay).stderr).not.toContain("the only container is lost");
    expect(rehearse(folder, [...replay, ...flags])).toMatchObject({ status: 3 });
  });

  test("run repeats itself under a seed, says the flag, and runs otherwise than in order of scheduling", () => {
    const digest = (...flags: string[]) => {
      const { stdout, status } = rehearse(folder, ["run", "shop.yaml", "--no-report", ...flags]);
      expect(status).toBe(0);
      for (const flag of flags) expect(stdout).toContain(`rehearse run shop.yaml --seed 7 ${flag}`);
      return /digest (\w+)/.exec(stdout)?.[1];
    };
    expect(digest("--shuffle-ties=4")).toBe(digest("--shuffle-ties=4"));
    expect(digest("--shuffle-ties=4")).not.toBe(digest());
  });

  test("compare shuffles every run of it, and says the flag", () => {
    const digest = (...flags: string[]) => {
      const args = ["compare", "shop.yaml", "--strategies", "rolling", "--json", "--no-report", ...flags];
      const { stdout, stderr } = rehearse(folder, args);
      for (const flag of flags) expect(stderr).toContain(` ${flag} --no-report --json`);
      return JSON.parse(stdout).strategies[0].digest;
    };
    expect(digest("--shuffle-ties=4")).not.toBe(digest());
  });

  test.each([
    { flags: ["--shuffle-ties", "shop.yaml"], message: "give the seed with =, as --shuffle-ties=7" },
    { flags: ["shop.yaml", "--ties", "1:x"], message: 'Found "1:x"; give pairs of numbers, such as 12:1,40:2' },
  ])("refuses $flags with what would do", ({ flags, message }) => {
    const { status, stderr } = rehearse(folder, ["run", ...flags]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  test("reads the choices that it writes", () => {
    const choices = [
      { point: 3, choice: 1 },
      { point: 40, choice: 12 },
    ];
    expect(tieFlags({ choices })).toBe(" --ties 3:1,40:12");
    expect(readChoices("3:1,40:12")).toEqual(choices);
  });
});
