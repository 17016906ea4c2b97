CREATE TABLE "catalog_revisions" (
	"product_slug" text PRIMARY KEY NOT NULL,
	"page" smallint GENERATED ALWAYS AS (get_byte(decode(md5(product_slug), 'hex'), 0) % 16) STORED NOT NULL,
	"revision" integer NOT NULL,
	"link_revision" integer NOT NULL,
	"configured_revision" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "catalog_revisions_of_pages" ON "catalog_revisions" USING btree ("page","revision");--> statement-breakpoint
CREATE INDEX "catalog_revisions_unconfigured" ON "catalog_revisions" USING btree ("revision") WHERE "catalog_revisions"."configured_revision" < "catalog_revisions"."revision";--> statement-breakpoint
CREATE INDEX "stock_levels_held" ON "stock_levels" USING btree ("sku") WHERE "stock_levels"."held" > 0;

--> statement-breakpoint
-- The next version of the catalog, in which these products changed; `linked` are those whose name or pictures did. The one row's
-- lock makes versions rise in the order in which changes become visible.
CREATE FUNCTION raise_catalog_revisions(slugs text[], linked text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  next integer;
BEGIN
  UPDATE catalog_version SET version = version + 1, changed_at = now() RETURNING version INTO next;
  INSERT INTO catalog_revisions AS known (product_slug, revision, link_revision)
    SELECT slug, next, next FROM unnest(slugs) AS slug WHERE slug IS NOT NULL
    ON CONFLICT (product_slug) DO UPDATE SET revision = next,
      link_revision = CASE WHEN known.product_slug = ANY (linked) THEN next ELSE known.link_revision END;
END
$$;
--> statement-breakpoint
-- After any statement on a table of the catalog: the products whose rows it changed. Arguments: how a row names its product, the
-- columns that count, and those of them that links to the product show.
CREATE FUNCTION catalog_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  slugs text[];
  linked text[];
BEGIN
  EXECUTE catalog_changed_slugs(TG_OP, TG_ARGV[0], TG_ARGV[1]) INTO slugs;
  IF TG_ARGV[2] <> '' THEN
    EXECUTE catalog_changed_slugs(TG_OP, TG_ARGV[0], TG_ARGV[2]) INTO linked;
  END IF;
  PERFORM raise_catalog_revisions(slugs, linked);
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- The query that finds those products among a trigger's transition tables.
CREATE FUNCTION catalog_changed_slugs(operation text, slug text, columns text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  before CONSTANT text := format('SELECT %s AS slug, %s FROM old_rows AS changed', slug, columns);
  after CONSTANT text := format('SELECT %s AS slug, %s FROM new_rows AS changed', slug, columns);
BEGIN
  RETURN 'SELECT array_agg(DISTINCT slug) FROM (' || CASE operation
    WHEN 'INSERT' THEN after
    WHEN 'DELETE' THEN before
    ELSE '(' || after || ' EXCEPT ' || before || ') UNION ALL (' || before || ' EXCEPT ' || after || ')'
  END || ') AS changed';
END
$$;
--> statement-breakpoint
-- Which rows of which table a statement truncated nobody tells: all of it is read again.
CREATE FUNCTION catalog_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  everything CONSTANT text[] := (SELECT array_agg(product_slug) FROM catalog_revisions);
BEGIN
  PERFORM raise_catalog_revisions(everything, everything);
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- Transition tables want one trigger per table and event.
DO $$
DECLARE
  source record;
  event text;
BEGIN
  FOR source IN SELECT * FROM (VALUES
    ('products', 'slug', 'name, description, details, category, position, listed, updated_at', 'name, listed'),
    ('product_options', 'product_slug', 'name, label, position, "values"', ''),
    ('product_images', 'product_slug', 'src, alt, width, height, options, position', 'src, alt, width, height, options, position'),
    ('drops', 'product_slug', 'opens_at', ''),
    ('skus', 'product_slug', 'sku, name, options, purchase_limit, initial_stock, terms_version, position, listed', ''),
    ('prices', '(SELECT product_slug FROM skus WHERE skus.sku = changed.sku)', 'sku, unit_amount_minor, currency, valid_from, valid_until', '')
  ) AS tables(name, slug, columns, linked) LOOP
    EXECUTE format('DROP TRIGGER %I ON %I', source.name || '_catalog_version', source.name);
    FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
      EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed(%L, %L, %L)',
        source.name || '_catalog_' || event, event, source.name,
        CASE event WHEN 'insert' THEN 'NEW TABLE AS new_rows' WHEN 'delete' THEN 'OLD TABLE AS old_rows'
          ELSE 'OLD TABLE AS old_rows NEW TABLE AS new_rows' END,
        source.slug, source.columns, source.linked);
    END LOOP;
    EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION catalog_truncated()',
      source.name || '_catalog_truncate', source.name);
  END LOOP;
END
$$;
--> statement-breakpoint
DROP FUNCTION raise_catalog_version();
--> statement-breakpoint
-- Once per statement instead of once per row: a new price list is thousands of rows, and each of them raised the catalog's version.
DROP TRIGGER prices_terms_version ON prices;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION raise_terms_version_by_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE skus SET terms_version = terms_version + 1 WHERE sku IN (SELECT sku FROM new_rows);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER prices_terms_version_insert AFTER INSERT ON prices
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_terms_version_by_price();
--> statement-breakpoint
CREATE TRIGGER prices_terms_version_update AFTER UPDATE ON prices
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_terms_version_by_price();
--> statement-breakpoint
SELECT raise_catalog_revisions(array_agg(slug), array_agg(slug)) FROM products;
