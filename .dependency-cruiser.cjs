// The arrows between folders: web, cli -> labs -> analysis, scenario -> policies, latency, workload, catalog -> engine.
// An allow-list: a folder may import itself and what stands in its row. Types count as imports.
// What a worker loads is checked on its bundle (scripts/imports.mjs).
const allowed = {
  engine: [],
  catalog: ["engine"],
  policies: ["engine"],
  // Profiles are read with the table reader of traces.
  latency: ["engine", "catalog", "workload"],
  workload: ["engine"],
  scenario: ["engine", "catalog", "policies", "latency", "workload"],
  analysis: ["engine", "catalog", "policies", "latency", "workload", "scenario"],
  gallery: ["engine", "catalog", "policies", "latency", "workload", "scenario", "analysis"],
  labs: ["engine", "catalog", "policies", "latency", "workload", "scenario", "analysis"],
  cli: ["engine", "catalog", "policies", "latency", "workload", "scenario", "analysis", "gallery", "labs"],
  web: ["engine", "catalog", "policies", "latency", "workload", "scenario", "analysis", "gallery", "labs"],
};
const tests = "\\.(test|bench)\\.tsx?$";
const react = "node_modules/(react|react-dom|zustand|@tanstack/)";

const arrows = Object.entries(allowed).map(([folder, targets]) => ({
  name: `arrow-${folder}`,
  comment: `src/${folder} may import ${targets.length > 0 ? targets.join(", ") : "nothing outside its folder"}`,
  severity: "error",
  from: { path: `^src/${folder}/`, pathNot: tests },
  to: {
    path: "^(src|workers|bench|conformance|scripts|e2e)/",
    // The command that runs the conformance suites reads their list.
    pathNot: [`^src/(${[folder, ...targets].join("|")})/`, ...(folder === "cli" ? ["^conformance/index\\.ts$"] : [])],
  },
}));

const forbidden = [
  ...arrows,
  {
    name: "engine-imports-nothing",
    comment: "The engine runs in any JavaScript engine: no package but the portable mathematics",
    severity: "error",
    from: { path: "^src/engine/", pathNot: tests },
    to: { path: "node_modules/", pathNot: "node_modules/@stdlib/" },
  },
  {
    name: "no-react-outside-web",
    comment: "Only src/web knows React and its stores",
    severity: "error",
    from: { pathNot: ["^src/web/", "^e2e/", "^vite\\.config\\.ts$", "node_modules"] },
    to: { path: react },
  },
  {
    name: "no-node-in-the-browser",
    comment: "What runs in the page must not import Node's modules",
    severity: "error",
    from: { path: "^(src|workers)/", pathNot: ["^src/cli/", tests] },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "no-circular",
    comment: "No import circles; types may refer to each other, for they vanish",
    severity: "error",
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  },
  { name: "resolvable", comment: "Every import exists", severity: "error", from: {}, to: { couldNotResolve: true } },
];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|out|public|\\.cache)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "browser", "default", "types"] },
  },
};
