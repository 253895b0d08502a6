// Restores DuckDB's library for this machine from npm into build/. Several builds may run at once:
// it is restored under a name of its own and then renamed.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "build");
const library = "libduckdb.so";

mkdirSync(output, { recursive: true });
const fresh = mkdtempSync(join(output, "restoring-"));
try {
  for (const name of ["package.json", "package-lock.json", ".npmrc"]) copyFileSync(join(here, name), join(fresh, name));
  const npm = spawnSync("npm", ["ci", "--silent"], { cwd: fresh, stdio: "inherit" });
  const restored = join(fresh, "node_modules", "@duckdb", `node-bindings-linux-${process.arch}`, library);
  if (npm.status !== 0 || !existsSync(restored)) {
    throw new Error("`npm ci` could not restore DuckDB's library; check that npm is installed and can reach its registry");
  }
  renameSync(restored, join(output, library));
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
