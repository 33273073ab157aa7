import fc from "fast-check";

/** The same cases on every run, here and in CI; another seed by `FC_SEED=7 npx vitest run`. */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_123) });
