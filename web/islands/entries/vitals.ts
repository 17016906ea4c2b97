/** Measurements; fetched by a sample of visits once their page has loaded (web/islands/after-load.ts). */
import { measureVisit } from "../vitals.ts";

measureVisit();
