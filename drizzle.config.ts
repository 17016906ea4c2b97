/** How drizzle-kit writes migrations: from the schema's tables into `migrations/`, to be reviewed by eye. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: [
    "./src/adapters/postgres/schema/catalog.ts",
    "./src/adapters/postgres/schema/rates.ts",
    "./src/adapters/postgres/schema/invoices.ts",
    "./src/adapters/postgres/schema/orders.ts",
    "./src/adapters/postgres/schema/stock.ts",
    "./src/adapters/postgres/schema/stock-notices.ts",
    "./src/adapters/postgres/schema/operations.ts",
    "./src/adapters/postgres/schema/accounts.ts",
    "./src/adapters/postgres/schema/profiles.ts",
    "./src/adapters/postgres/schema/reconciliations.ts",
  ],
  out: "./migrations",
  casing: "snake_case",
});
