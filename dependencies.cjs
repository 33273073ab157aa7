// The floor plan, as a rule a machine checks: imports point down, never sideways, never up.
const floors = [
  ["kernel"],
  ["fields"],
  ["cluster"],
  ["scheduling", "traffic", "failures"],
  ["controllers", "rollout"],
  ["metrics", "scenario"],
  ["manifests"],
  ["simulation"],
  ["experiments"],
  ["reports", "testkit"],
];

const rules = [];
floors.forEach((rooms, floor) => {
  const above = floors
    .slice(floor + 1)
    .flat()
    .concat(["cli", "index\\.ts"]);
  for (const room of rooms) {
    const sideways = rooms.filter((other) => other !== room);
    rules.push({
      name: `floor-${room}`,
      comment: `src/${room} may only import from the floors below it`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: `^src/(${[...sideways, ...above].join("|")})` },
    });
  }
});

/** Third-party packages and where they may be used; everything not named here is free. */
const packages = [
  {
    name: "only-cli-knows-node",
    to: "^(node:)?(fs|path|os|process|child_process|worker_threads|url|crypto|stream|zlib|util)(/|$)",
    rooms: "^src/(kernel|fields|cluster|scheduling|traffic|failures|controllers|rollout|metrics|simulation)/",
  },
  { name: "kernel-third-party", to: "node_modules/(?!seedrandom|@stdlib|@types/seedrandom)", rooms: "^src/kernel/" },
  { name: "yaml-only-in-scenario", to: "node_modules/(yaml|csv-parse)", rooms: "^src/(?!scenario|cli)" },
  { name: "fast-check-only-in-testkit", to: "node_modules/fast-check", rooms: "^src/(?!testkit)" },
  { name: "charts-only-in-reports", to: "node_modules/(vega|vega-lite|@napi-rs)", rooms: "^src/(?!reports)" },
];
for (const { name, to, rooms } of packages) {
  rules.push({ name, severity: "error", from: { path: rooms }, to: { path: to } });
}

module.exports = {
  forbidden: [{ name: "no-cycles", severity: "error", from: {}, to: { circular: true } }, ...rules],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
      extensions: [".ts", ".js"],
    },
  },
};
