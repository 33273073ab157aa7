import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the compiled peer is, or why it is not to be had. */
export type Compiled = { readonly path: string } | { readonly skipped: string };

/** Compiles a C++ program of `peers/` with g++ -O2 into a temporary folder. */
export function compile(name: string): Compiled {
  const source = join(import.meta.dirname, "peers", `${name}.cpp`);
  const path = join(mkdtempSync(join(tmpdir(), "bench-")), name);
  const { error, status, stderr } = spawnSync("g++", ["-O2", "-std=c++17", "-o", path, source], { encoding: "utf8" });
  if (error !== undefined) return { skipped: "g++ is not installed" };
  return status === 0 ? { path } : { skipped: `g++ could not compile ${name}.cpp: ${stderr.trim().split("\n")[0]}` };
}
