CREATE TABLE "catalog_version" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"version" integer NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "catalog_version_one" CHECK ("catalog_version"."one"),
	CONSTRAINT "catalog_version_version" CHECK ("catalog_version"."version" > 0)
);

--> statement-breakpoint
INSERT INTO catalog_version (version) VALUES (1);
--> statement-breakpoint
-- Once per statement, whatever it touched. The row's lock makes versions rise in the order in which changes become visible.
CREATE FUNCTION raise_catalog_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalog_version SET version = version + 1, changed_at = now();
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER products_catalog_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON products
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalog_version();
--> statement-breakpoint
CREATE TRIGGER product_options_catalog_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON product_options
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalog_version();
--> statement-breakpoint
CREATE TRIGGER product_images_catalog_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON product_images
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalog_version();
--> statement-breakpoint
CREATE TRIGGER drops_catalog_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON drops
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalog_version();
--> statement-breakpoint
CREATE TRIGGER skus_catalog_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON skus
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalog_version();
--> statement-breakpoint
CREATE TRIGGER prices_catalog_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON prices
  FOR EACH STATEMENT EXECUTE FUNCTION raise_catalog_version();
