// Builds the package: TypeScript's compiler alone, one file in, one file out. `npm run build`.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}tsconfig.build.json`], {
  stdio: "inherit",
});
// The compiler does not copy declarations that were written by hand.
copyFileSync(`${root}src/kernel/alea.d.ts`, `${root}dist/kernel/alea.d.ts`);
chmodSync(`${root}dist/cli/main.js`, 0o755);
