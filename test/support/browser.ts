import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** True in CI, where nothing may be skipped. */
export function isRequired(): boolean {
  return process.env.REHEARSAL_CI === "1";
}

/** Where a Chromium is; undefined: none, and browser tests are skipped. @throws Error in CI, which may not skip. */
export function browserPath(): string | undefined {
  const places = process.env.CHROMIUM === undefined ? PLACES : [process.env.CHROMIUM];
  const found = places.find((place) => existsSync(place));
  if (found === undefined && isRequired()) throw new Error("CI needs a Chromium (Debian's package chromium)");
  return found;
}
