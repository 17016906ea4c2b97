-- Rules that no column constraint can express: what is append-only stays as it was written, and a SKU's terms carry a
-- version that rises with every change of its price, limit or drop time.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER stock_ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_ledger
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE FUNCTION raise_terms_version_of_sku() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.purchase_limit IS DISTINCT FROM OLD.purchase_limit OR NEW.product_slug IS DISTINCT FROM OLD.product_slug THEN
    NEW.terms_version := greatest(NEW.terms_version, OLD.terms_version + 1);
  ELSE
    NEW.terms_version := greatest(NEW.terms_version, OLD.terms_version);
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER skus_terms_version BEFORE UPDATE ON skus
  FOR EACH ROW EXECUTE FUNCTION raise_terms_version_of_sku();
--> statement-breakpoint
CREATE FUNCTION raise_terms_version_by_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE skus SET terms_version = terms_version + 1 WHERE sku = NEW.sku;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER prices_terms_version AFTER INSERT OR UPDATE ON prices
  FOR EACH ROW EXECUTE FUNCTION raise_terms_version_by_price();
--> statement-breakpoint
CREATE FUNCTION raise_terms_version_by_drop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
    RETURN NULL;
  END IF;
  UPDATE skus SET terms_version = terms_version + 1
    WHERE (TG_OP <> 'INSERT' AND product_slug = OLD.product_slug)
       OR (TG_OP <> 'DELETE' AND product_slug = NEW.product_slug);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER drops_terms_version AFTER INSERT OR UPDATE OR DELETE ON drops
  FOR EACH ROW EXECUTE FUNCTION raise_terms_version_by_drop();
