import { formatDuration } from "../kernel/time.ts";
import type { Violation } from "../testkit/invariant.ts";
import type { TransitionGroup } from "../testkit/transitions.ts";
import { lookOf } from "./print.ts";

/** Where a frame's words begin. */
const INDENT = 21;
const NARROWEST = 60;

/** The storyboard: what happened, what the component saw and did, and what it should not have. */
export function violationText({ invariant, statement, at, event, story }: Violation): string {
  const frames = story.flatMap((frame, place) => {
    const [first = "", ...rest] = wrapped(frame.text);
    const head = `  ${place + 1}  ${formatDuration(frame.at).padEnd(INDENT - 6)} ${first}`;
    return [head, ...rest.map((line) => " ".repeat(INDENT) + line)];
  });
  const head = [`✗ ${invariant}, at ${formatDuration(at)} in ${event}`, `  ${statement}`];
  return `${[...head, "", ...frames, ""].join("\n")}\n`;
}

/** What was gone through, in groups, and what was not. */
export function coverageText(groups: readonly TransitionGroup[]): string {
  const lines: string[] = [];
  for (const { title, rows } of groups) {
    const all = rows.flatMap(({ to }) => to);
    lines.push(`${title}: ${all.filter(([, times]) => times > 0).length} of ${all.length}`);
    const width = Math.max(...rows.map(({ of }) => of.length));
    for (const { of, to } of rows) {
      const seen = to.filter(([, times]) => times > 0).map(([name, times]) => `${name} ${times}`);
      const unseen = to.filter(([, times]) => times === 0).map(([name]) => name);
      const arrow = of === "" ? "" : `${of.padEnd(width)}  `;
      const text = [seen.join(", "), unseen.length === 0 ? "" : `never ${unseen.join(", ")}`].filter(
        (part) => part !== "",
      );
      const [first = "", ...rest] = wrapped(text.join("; "), 2 + arrow.length);
      lines.push(`  ${arrow}${first}`, ...rest.map((line) => " ".repeat(2 + arrow.length) + line));
    }
  }
  return lines.join("\n");
}

/** Lines of words, as wide as the terminal allows beside an indent. */
function wrapped(text: string, indent = INDENT): string[] {
  const width = Math.max(NARROWEST, lookOf(process.stdout).width - indent);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
