/**
 * The release after this one, for tests of rollouts and rollbacks: the same source, with one more step of storage in every kind of
 * object and one more field in what is kept as JSON. A step like that only adds, so this release must be able to read it.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildWorker } from "../../local/built-store/build.ts";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";

/** The column and the field that only the next release knows. */
export const ADDED_COLUMN = "next_release";
export const ADDED_FIELD = "nextRelease";

interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const CHANGES: readonly Change[] = [
  {
    file: "src/durable-objects/sku-inventory/inventory-storage.ts",
    from: ", MIGRATIONS)",
    to: `, [...MIGRATIONS, { statements: ["ALTER TABLE holds ADD COLUMN ${ADDED_COLUMN} TEXT DEFAULT 'kept'"] }])`,
  },
  {
    file: "src/durable-objects/order-shard/order-rows.ts",
    from: ", MIGRATIONS)",
    to: `, [...MIGRATIONS, { statements: ["ALTER TABLE orders ADD COLUMN ${ADDED_COLUMN} TEXT DEFAULT 'kept'"] }])`,
  },
  {
    file: "src/domain/order/state.ts",
    from: "    v: ORDER_STATE_VERSION,",
    to: `    v: ORDER_STATE_VERSION,\n    ...{ ${ADDED_FIELD}: true },`,
  },
  {
    file: "src/durable-objects/cart/cart.ts",
    from: "      ...stored,\n      v: 1,",
    to: `      ...stored,\n      ...{ ${ADDED_FIELD}: true },\n      v: 1,`,
  },
];

/**
 * Builds it beside the given script.
 *
 * @returns the built script's path
 * @throws Error where the source has no such place any more, or the build fails
 */
export async function buildNextRelease(
  directory = join(PROJECT_DIRECTORY, "dist/next-release"),
): Promise<string> {
  const source = join(directory, "source");
  rmSync(source, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  for (const copied of ["src", "wrangler.toml", "package.json", "tsconfig.json", "tsconfig.base.json"])
    cpSync(join(PROJECT_DIRECTORY, copied), join(source, copied), { recursive: true });
  for (const linked of ["node_modules", "web", "local", "dist"])
    symlinkSync(join(PROJECT_DIRECTORY, linked), join(source, linked));
  for (const { file, from, to } of CHANGES) {
    const path = join(source, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} has no place for the next release's step`);
    writeFileSync(path, text.replaceAll(from, to));
  }
  return await buildWorker(join(directory, "worker"), { projectDirectory: source });
}
