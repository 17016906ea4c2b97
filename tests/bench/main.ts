/**
 * `npm run bench`: what the store's own work costs, beside the bare runtime and other designs in the same run (docs/benchmarks.md).
 *
 *     npm run bench -- [--only placing,purchases] [--json FILE] [--seconds N] [--rounds N] [--purchase-seconds N]
 *         [--memory-orders 20000,40000] [--growth-orders 20000,40000,60000,80000,100000]
 *     npm run bench -- --profile placing [--profile-seconds N] [--profile-file FILE]
 *
 * Exit 1 where a count that must be exact is not; times and rates are reported.
 */
import { writeFileSync } from "node:fs";
import { benchOptions } from "./options.ts";
import { Parts } from "./parts.ts";
import { runProfile } from "./profile-run.ts";
import { measureSections } from "./sections.ts";
import { printReport } from "./table.ts";

const options = benchOptions(process.argv.slice(2));
const parts = new Parts();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Cut short, the run still ends what it started.
  process.once(signal, () => {
    parts.stop().then(
      () => process.exit(1),
      () => process.exit(1),
    );
  });
}
try {
  if (options.profile === null) {
    const report = await measureSections(options, parts);
    printReport(report);
    if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    if ((report.rush?.broken.length ?? 0) > 0) process.exitCode = 1;
  } else {
    await runProfile(options.profile, options, parts);
  }
} finally {
  await parts.stop();
}
