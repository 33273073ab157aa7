// Installs the built package from its tarball into an empty folder, as a user would, and uses it there. `npm run smoke`.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "rehearsal-smoke-"));
const npm = (args: readonly string[], cwd: string) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** Runs the installed command with this Node, and holds it to its exit code. */
function rehearse(args: readonly string[], expected: number): string {
  const command = join(folder, "node_modules", "rehearsal", "dist", "cli", "main.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: "utf8" });
  console.log(`rehearse ${args.join(" ")} → ${status}`);
  if (status !== expected) throw new Error(`expected exit code ${expected}, found ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

try {
  npm(["pack", "--pack-destination", folder, "--ignore-scripts"], root);
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "smoke", private: true, type: "module" }));
  npm(["install", "--no-audit", "--no-fund", "--omit=dev", join(folder, tarball)], folder);

  if (!rehearse(["--help"], 0).includes("rehearse compare")) throw new Error("--help shows no example");
  rehearse(["init", "shop", "--out", "shop.yaml"], 0);
  rehearse(["validate", "shop.yaml"], 0);
  const summary = JSON.parse(rehearse(["run", "shop.yaml", "--json"], 0)) as { digest: string };
  if (!/^[0-9a-f]{16}$/.test(summary.digest)) throw new Error(`the digest is ${summary.digest}`);
  if (!existsSync(join(folder, "reports", "shop", "index.html"))) throw new Error("there is no report");
  rehearse(["compare", "shop.yaml", "--strategies", "recreate,rolling", "--out", "compared"], 0);
  if (!existsSync(join(folder, "compared", "index.html"))) throw new Error("there is no comparison");
  rehearse(["run", "missing.yaml"], 2);

  writeFileSync(
    join(folder, "library.js"),
    `import { BUILT_IN, readScenario, simulate } from "rehearsal";
import { readFileSync } from "node:fs";
const { scenario } = readScenario(readFileSync("shop.yaml", "utf8"), { file: "shop.yaml", catalog: BUILT_IN, readFile: () => { throw new Error("no files"); } });
console.log(simulate(scenario).summary.digest);\n`,
  );
  const digest = execFileSync(process.execPath, ["library.js"], { cwd: folder, encoding: "utf8" }).trim();
  if (digest !== summary.digest)
    throw new Error(`the library's digest ${digest} is not the command's ${summary.digest}`);
  console.log("the package works");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
