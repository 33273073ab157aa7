import { readFileSync } from "node:fs";

interface PackageFile {
  readonly version: string;
}

/** The package's version, from its own package.json: two folders up, in the sources as in the build. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as PackageFile
).version;
