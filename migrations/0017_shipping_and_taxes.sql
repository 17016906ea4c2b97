CREATE TABLE "shipping_methods" (
	"zone" text NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"free_from_minor" bigint,
	"currency" char(3) NOT NULL,
	"least_days" integer NOT NULL,
	"most_days" integer NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "shipping_methods_zone_code_pk" PRIMARY KEY("zone","code"),
	CONSTRAINT "shipping_methods_code" CHECK ("shipping_methods"."code" ~ '^[a-z][a-z0-9_-]{0,39}$'),
	CONSTRAINT "shipping_methods_amounts" CHECK ("shipping_methods"."amount_minor" >= 0 and "shipping_methods"."free_from_minor" >= 0),
	CONSTRAINT "shipping_methods_currency" CHECK ("shipping_methods"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "shipping_methods_days" CHECK ("shipping_methods"."least_days" >= 1 and "shipping_methods"."most_days" >= "shipping_methods"."least_days")
);
--> statement-breakpoint
CREATE TABLE "shipping_zone_countries" (
	"country" char(2) PRIMARY KEY NOT NULL,
	"zone" text NOT NULL,
	CONSTRAINT "shipping_zone_countries_country" CHECK ("shipping_zone_countries"."country" in ('AT', 'AU', 'BE', 'CA', 'CH', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GB', 'GR', 'HR', 'HU', 'IE', 'IT', 'JP', 'LT', 'LU', 'LV', 'NL', 'NO', 'NZ', 'PL', 'PT', 'RO', 'SE', 'SG', 'SI', 'SK', 'US'))
);
--> statement-breakpoint
CREATE TABLE "shipping_zones" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"position" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tax_rates" (
	"country" char(2) NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"name" text NOT NULL,
	"basis_points" integer NOT NULL,
	"included" boolean NOT NULL,
	"on_shipping" boolean DEFAULT true NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "tax_rates_country_region_name_pk" PRIMARY KEY("country","region","name"),
	CONSTRAINT "tax_rates_country" CHECK ("tax_rates"."country" in ('AT', 'AU', 'BE', 'CA', 'CH', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GB', 'GR', 'HR', 'HU', 'IE', 'IT', 'JP', 'LT', 'LU', 'LV', 'NL', 'NO', 'NZ', 'PL', 'PT', 'RO', 'SE', 'SG', 'SI', 'SK', 'US')),
	CONSTRAINT "tax_rates_region" CHECK ("tax_rates"."region" ~ '^[A-Z]{0,3}$'),
	CONSTRAINT "tax_rates_basis_points" CHECK ("tax_rates"."basis_points" between 0 and 10000)
);
--> statement-breakpoint
ALTER TABLE "orders" DROP CONSTRAINT "orders_shipping_method";--> statement-breakpoint
ALTER TABLE "catalog_version" ADD COLUMN "rates_revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "tax_amounts" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "taxes" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "shipping_methods" ADD CONSTRAINT "shipping_methods_zone_shipping_zones_code_fk" FOREIGN KEY ("zone") REFERENCES "public"."shipping_zones"("code") ON DELETE cascade ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "shipping_zone_countries" ADD CONSTRAINT "shipping_zone_countries_zone_shipping_zones_code_fk" FOREIGN KEY ("zone") REFERENCES "public"."shipping_zones"("code") ON DELETE cascade ON UPDATE cascade;--> statement-breakpoint
CREATE INDEX "shipping_zone_countries_of_zone" ON "shipping_zone_countries" USING btree ("zone");--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_shipping_method" CHECK ("orders"."shipping_method" ~ '^[a-z][a-z0-9_-]{0,39}$');
--> statement-breakpoint
-- Shipping and taxes ride along with the root of the catalog's copies: a change of them is a new version of the catalog. A statement
-- that finds nothing to change is none.
CREATE FUNCTION rates_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed boolean := true;
BEGIN
  IF TG_OP IN ('INSERT', 'UPDATE') THEN
    SELECT EXISTS (SELECT FROM new_rows) INTO changed;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT EXISTS (SELECT FROM old_rows) INTO changed;
  END IF;
  IF changed THEN
    UPDATE catalog_version SET version = version + 1, rates_revision = version + 1, changed_at = now();
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- Transition tables want one trigger per table and event.
DO $$
DECLARE
  source text;
BEGIN
  FOREACH source IN ARRAY ARRAY['shipping_zones', 'shipping_zone_countries', 'shipping_methods', 'tax_rates'] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION rates_changed()', source || '_inserted', source);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION rates_changed()', source || '_updated', source);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION rates_changed()', source || '_deleted', source);
    EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION rates_changed()', source || '_truncated', source);
  END LOOP;
END
$$;
