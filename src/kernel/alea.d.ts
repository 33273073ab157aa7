/** The one generator of seedrandom that the kernel uses; its own types cover only the package's main door. */
declare module "seedrandom/lib/alea.js" {
  import type { alea } from "seedrandom";

  const generator: typeof alea;
  export default generator;
}
