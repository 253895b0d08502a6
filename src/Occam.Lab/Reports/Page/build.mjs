// Restores the charting library and bundles the page's script and style into build/; or, by
//   node build.mjs FOLDER FORMAT ENTRY…
// other entries that share its code, by their own names into another folder.
// Several builds may run at once: everything is made under a name of its own and then renamed,
// and the restored packages lie in a folder named after the lock file that they came from.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "build");
const manifests = ["package.json", "package-lock.json", ".npmrc"];

function restore() {
  const hash = createHash("sha256");
  for (const name of manifests) hash.update(readFileSync(join(here, name)));
  const restored = join(output, `packages-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(restored)) return restored;

  const fresh = mkdtempSync(join(output, "restoring-"));
  try {
    for (const name of manifests) copyFileSync(join(here, name), join(fresh, name));
    const npm = spawnSync("npm", ["ci", "--silent"], { cwd: fresh, stdio: "inherit", shell: process.platform === "win32" });
    if (npm.status !== 0) {
      throw new Error("`npm ci` could not restore the report page's charting library; check that npm is installed and can reach its registry");
    }
    renameSync(fresh, restored);
  } catch (error) {
    // Another build has put the same packages there first.
    if (!existsSync(restored)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return restored;
}

mkdirSync(output, { recursive: true });
const packages = join(restore(), "node_modules");
const esbuild = await import(pathToFileURL(join(packages, "esbuild", "lib", "main.js")).href);
const [folder = output, format = "iife", ...others] = process.argv.slice(2);
const entries = others.length > 0
  ? others.map((path) => [path, basename(path)])
  : [[join(here, "page.js"), "page.min.js"], [join(here, "page.css"), "page.min.css"]];
mkdirSync(folder, { recursive: true });
for (const [source, target] of entries) {
  const fresh = join(folder, `${process.pid}.${target}`);
  await esbuild.build({
    entryPoints: [source],
    outfile: fresh,
    nodePaths: [packages],
    bundle: true,
    minify: true,
    format,
    external: ["/charts.js"],
    target: ["es2022"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  renameSync(fresh, join(folder, target));
}
