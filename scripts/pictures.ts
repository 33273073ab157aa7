// Makes the README's pictures anew, from the scenarios in this repository. `npm run pictures`.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const gallery = join(root, "reports", "gallery");
const folder = mkdtempSync(join(tmpdir(), "rehearsal-pictures-"));

/** A picture: its name, the command that makes its report, and which of the report's charts it is. */
const PICTURES: readonly { readonly name: string; readonly chart: string; readonly command: readonly string[] }[] = [
  {
    name: "world-cup",
    chart: "timelines-site",
    command: ["compare", "scenarios/traces/worldcup-peak-hour.yaml", "--strategies", "recreate,rolling,blue-green"],
  },
  {
    name: "release-compared",
    chart: "timelines-shop",
    command: ["compare", "scenarios/course/04-release-compared.yaml", "--strategies", "recreate,rolling,blue-green"],
  },
  {
    name: "host-lost",
    chart: "timeline-shop",
    command: ["run", "scenarios/course/12-dead-host-noticed-late.yaml"],
  },
  {
    name: "host-lost-why",
    chart: "failures",
    command: ["run", "scenarios/course/12-dead-host-noticed-late.yaml"],
  },
];

try {
  mkdirSync(gallery, { recursive: true });
  for (const { name, chart, command } of PICTURES) {
    const report = join(folder, name);
    execFileSync(process.execPath, ["src/cli/main.ts", ...command, "--out", report], { cwd: root, stdio: "inherit" });
    copyFileSync(join(report, "charts", `${chart}.png`), join(gallery, `${name}.png`));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
