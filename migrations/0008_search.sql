-- The search index: derived from the catalog and stock_levels, kept by triggers, read by one function. Products have a
-- small number (their ordinal); what is counted is kept as bit strings in which a product's bit is at its ordinal, so
-- that a facet's count is an AND and a count of bits, however many products a query finds. Because a filter must hold for one and
-- the same SKU, what SKUs have (colour, storage, price, stock) is kept by slot: the product's first SKU is in slot 0, its second in slot 1, …;
-- slot -1 says "one of its SKUs". See docs/decisions/0012-search.md.

-- Edit distance between words.
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
--> statement-breakpoint
CREATE TABLE search_documents (
  ordinal integer PRIMARY KEY CHECK (ordinal >= 0),
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  name_length integer NOT NULL,
  position integer NOT NULL,
  created_at timestamptz(3) NOT NULL,
  lowest_amount bigint,
  opens_at timestamptz(3),
  -- Name (A), category and options (B). The long text is in a table of its own, so that ranking many reads few pages.
  headline tsvector NOT NULL
);
--> statement-breakpoint
CREATE INDEX search_documents_headline ON search_documents USING gin (headline) WITH (fastupdate = off);
--> statement-breakpoint
CREATE TABLE search_texts (
  ordinal integer PRIMARY KEY,
  -- The headline, description (C) and details (D).
  words tsvector NOT NULL
);
--> statement-breakpoint
CREATE INDEX search_texts_words ON search_texts USING gin (words) WITH (fastupdate = off);
--> statement-breakpoint
CREATE INDEX search_documents_in_order ON search_documents (position, slug) INCLUDE (ordinal);
--> statement-breakpoint
CREATE INDEX search_documents_newest ON search_documents (created_at DESC, position, slug) INCLUDE (ordinal);
--> statement-breakpoint
CREATE INDEX search_documents_by_price ON search_documents (lowest_amount, position, slug) INCLUDE (ordinal);
--> statement-breakpoint
CREATE INDEX search_documents_by_price_down ON search_documents (lowest_amount DESC, position, slug) INCLUDE (ordinal);
--> statement-breakpoint
CREATE INDEX search_documents_by_name ON search_documents (name, slug) INCLUDE (ordinal);
--> statement-breakpoint
CREATE INDEX search_documents_opening ON search_documents (opens_at) WHERE opens_at IS NOT NULL;
--> statement-breakpoint
CREATE TABLE search_offers (
  ordinal integer NOT NULL,
  slot integer NOT NULL,
  sku text NOT NULL UNIQUE,
  color text,
  storage text,
  amount bigint NOT NULL,
  -- What the domain's availabilityStatus knows: 0 nothing, 1 a few (LOW_STOCK_UNITS or less), 2 more.
  stock smallint NOT NULL,
  PRIMARY KEY (ordinal, slot)
);
--> statement-breakpoint
CREATE TABLE search_bitmaps (
  facet text COLLATE "C" NOT NULL CHECK (facet IN ('all', 'category', 'color', 'storage', 'stock', 'price', 'lowest')),
  slot integer NOT NULL,
  -- Prices with leading zeros, so that their order is that of the amounts.
  value text COLLATE "C" NOT NULL,
  products bit varying NOT NULL,
  PRIMARY KEY (facet, slot, value)
);
--> statement-breakpoint
CREATE TABLE search_labels (
  facet text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  label text NOT NULL,
  swatch text,
  PRIMARY KEY (facet, value)
);
--> statement-breakpoint
CREATE TABLE search_words (
  word text COLLATE "C" PRIMARY KEY,
  stem text COLLATE "C" NOT NULL,
  -- How many documents have it.
  documents integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX search_words_by_stem ON search_words (stem);
--> statement-breakpoint
CREATE INDEX search_words_alike ON search_words USING gin (word gin_trgm_ops) WITH (fastupdate = off);
--> statement-breakpoint

-- A text in words of letters or of digits, as `wordsOf` in src/domain/search/words.ts cuts queries.
CREATE FUNCTION search_text(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(
    regexp_replace(lower(regexp_replace(normalize(content, NFKD), '[\u0300-\u036f]', '', 'g')), '[^a-z0-9]+', ' ', 'g'),
    '(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])', ' ', 'g')
$$;
--> statement-breakpoint
CREATE FUNCTION search_stem(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce((ts_lexize('english_stem', word))[1], word)
$$;
--> statement-breakpoint

CREATE FUNCTION search_stock_class(available bigint) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN available <= 0 THEN 0 WHEN available <= 5 THEN 1 ELSE 2 END::smallint
$$;
--> statement-breakpoint

-- Sets the bits of these products as documents and offers say, in every bitmap or in those of one facet.
CREATE FUNCTION search_set_bits(ordinals integer[], only_facet text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  -- Bitmaps grow by this many products at a time; all are of one length.
  step CONSTANT integer := 1024;
  length_now integer := coalesce((SELECT length(products) FROM search_bitmaps WHERE facet = 'all' AND slot = -1), 0);
  wanted integer := (coalesce((SELECT max(ordinal) FROM unnest(ordinals) AS ordinal), 0) / step + 1) * step;
  none bit varying;
  changed bit varying;
BEGIN
  IF cardinality(ordinals) = 0 THEN
    RETURN;
  END IF;
  IF wanted > length_now THEN
    UPDATE search_bitmaps SET products = products || repeat('0', wanted - length(products))::bit varying;
  END IF;
  none := repeat('0', greatest(wanted, length_now))::bit varying;
  SELECT bit_or(set_bit(none, ordinal, 1)) INTO changed FROM unnest(ordinals) AS ordinal;
  UPDATE search_bitmaps SET products = products & ~changed
    WHERE (only_facet IS NULL OR facet = only_facet) AND bit_count(products & changed) > 0;
  INSERT INTO search_bitmaps AS known (facet, slot, value, products)
  SELECT has.facet, has.slot, has.value, bit_or(set_bit(none, has.ordinal, 1)) FROM (
    SELECT 'all' AS facet, -1 AS slot, '' AS value, ordinal FROM search_offers WHERE ordinal IN (SELECT unnest(ordinals))
    UNION ALL
    SELECT 'category', -1, products.category, ordinal
      FROM search_documents JOIN products USING (slug)
      WHERE ordinal IN (SELECT unnest(ordinals)) AND search_documents.lowest_amount IS NOT NULL
    UNION ALL
    SELECT 'lowest', -1, lpad(lowest_amount::text, 15, '0'), ordinal
      FROM search_documents WHERE ordinal IN (SELECT unnest(ordinals)) AND lowest_amount IS NOT NULL
    UNION ALL
    SELECT 'color', reach.slot, color, ordinal FROM search_offers, LATERAL (VALUES (slot), (-1)) AS reach(slot)
      WHERE ordinal IN (SELECT unnest(ordinals)) AND color IS NOT NULL
    UNION ALL
    SELECT 'storage', reach.slot, storage, ordinal FROM search_offers, LATERAL (VALUES (slot), (-1)) AS reach(slot)
      WHERE ordinal IN (SELECT unnest(ordinals)) AND storage IS NOT NULL
    UNION ALL
    SELECT 'stock', reach.slot, '', ordinal FROM search_offers, LATERAL (VALUES (slot), (-1)) AS reach(slot)
      WHERE ordinal IN (SELECT unnest(ordinals)) AND stock > 0
    UNION ALL
    SELECT 'price', slot, lpad(amount::text, 15, '0'), ordinal FROM search_offers WHERE ordinal IN (SELECT unnest(ordinals))
  ) AS has
  WHERE only_facet IS NULL OR has.facet = only_facet
  GROUP BY has.facet, has.slot, has.value
  ORDER BY has.facet, has.slot, has.value
  ON CONFLICT (facet, slot, value) DO UPDATE SET products = known.products | excluded.products;
  DELETE FROM search_bitmaps WHERE bit_count(products) = 0 AND facet <> 'all' AND (only_facet IS NULL OR facet = only_facet);
END
$$;
--> statement-breakpoint

-- One at a time: two of these would lock the same bitmaps in different order. Held to the transaction's end.
CREATE FUNCTION search_lock() RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtext('holdfast search index'))
$$;
--> statement-breakpoint

-- Makes the index say of these products what the catalog says.
CREATE FUNCTION search_refresh(slugs text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  touched integer[];
BEGIN
  IF coalesce(cardinality(slugs), 0) = 0 THEN
    RETURN;
  END IF;
  PERFORM search_lock();
  SELECT coalesce(array_agg(ordinal), '{}') INTO touched FROM search_documents WHERE slug IN (SELECT unnest(slugs));

  UPDATE search_words SET documents = search_words.documents - gone.documents
    FROM (SELECT lexeme, count(*) AS documents FROM search_texts, unnest(words) WHERE ordinal IN (SELECT unnest(touched)) GROUP BY lexeme) AS gone
    WHERE word = gone.lexeme;

  DELETE FROM search_texts WHERE ordinal IN (SELECT unnest(touched));
  DELETE FROM search_offers WHERE ordinal IN (SELECT unnest(touched));
  DELETE FROM search_documents
    WHERE slug IN (SELECT unnest(slugs)) AND NOT EXISTS (SELECT FROM products WHERE products.slug = search_documents.slug AND listed);

  WITH fresh AS (
    SELECT products.slug, products.name, products.position, products.created_at, drops.opens_at, offered.lowest_amount,
      setweight(to_tsvector('simple', search_text(products.name)), 'A')
        || setweight(to_tsvector('simple', search_text(products.category || ' ' || coalesce(options.labels, ''))), 'B') AS headline,
      setweight(to_tsvector('simple', search_text(products.description)), 'C')
        || setweight(to_tsvector('simple', search_text(coalesce(details.texts, ''))), 'D') AS description
    FROM products
    LEFT JOIN drops ON drops.product_slug = products.slug
    LEFT JOIN LATERAL (
      SELECT min(prices.unit_amount_minor) AS lowest_amount
      FROM skus JOIN prices ON prices.sku = skus.sku AND prices.valid_until IS NULL
      WHERE skus.product_slug = products.slug AND skus.listed
    ) AS offered ON true
    LEFT JOIN LATERAL (
      SELECT string_agg(value ->> 'label', ' ') AS labels
      FROM product_options, jsonb_array_elements(product_options.values) AS value
      WHERE product_slug = products.slug
    ) AS options ON true
    LEFT JOIN LATERAL (
      SELECT string_agg(detail ->> 'value', ' ') AS texts FROM jsonb_array_elements(products.details) AS detail
    ) AS details ON true
    WHERE products.slug IN (SELECT unnest(slugs)) AND products.listed
  ), numbered AS (
    SELECT slug, row_number() OVER (ORDER BY position, slug) AS nth FROM fresh
    WHERE NOT EXISTS (SELECT FROM search_documents WHERE search_documents.slug = fresh.slug)
  ), free AS (
    -- The lowest numbers that nobody has.
    SELECT number::integer AS ordinal, row_number() OVER (ORDER BY number) AS nth
    FROM generate_series(0, (SELECT count(*) FROM search_documents) + (SELECT count(*) FROM numbered)) AS series(number)
    WHERE EXISTS (SELECT FROM numbered) AND NOT EXISTS (SELECT FROM search_documents WHERE ordinal = number)
  ), written AS (
    SELECT coalesce(known.ordinal, free.ordinal) AS ordinal, fresh.*
    FROM fresh
    LEFT JOIN search_documents AS known USING (slug)
    LEFT JOIN numbered USING (slug)
    LEFT JOIN free USING (nth)
  ), texts AS (
    INSERT INTO search_texts (ordinal, words) SELECT ordinal, headline || description FROM written
  )
  INSERT INTO search_documents (ordinal, slug, name, name_length, position, created_at, lowest_amount, opens_at, headline)
  SELECT ordinal, slug, name, length(name), position, created_at, lowest_amount, opens_at, headline FROM written
  ON CONFLICT (slug) DO UPDATE SET name = excluded.name, name_length = excluded.name_length, position = excluded.position,
    created_at = excluded.created_at, lowest_amount = excluded.lowest_amount, opens_at = excluded.opens_at,
    headline = excluded.headline;

  INSERT INTO search_offers (ordinal, slot, sku, color, storage, amount, stock)
  SELECT ordinal, row_number() OVER (PARTITION BY ordinal ORDER BY skus.position, skus.sku) - 1, skus.sku,
    skus.options ->> 'color', skus.options ->> 'storage', prices.unit_amount_minor,
    search_stock_class(coalesce(stock_levels.available, skus.initial_stock))
  FROM search_documents
  JOIN skus ON skus.product_slug = search_documents.slug AND skus.listed
  JOIN prices ON prices.sku = skus.sku AND prices.valid_until IS NULL
  LEFT JOIN stock_levels ON stock_levels.sku = skus.sku
  WHERE search_documents.slug IN (SELECT unnest(slugs));

  INSERT INTO search_words (word, stem, documents)
    SELECT lexeme, search_stem(lexeme), count(*)
    FROM search_documents JOIN search_texts USING (ordinal), unnest(words)
    WHERE slug IN (SELECT unnest(slugs)) GROUP BY lexeme
    ON CONFLICT (word) DO UPDATE SET documents = search_words.documents + excluded.documents;
  DELETE FROM search_words WHERE documents <= 0;

  INSERT INTO search_labels (facet, value, label, swatch)
    SELECT DISTINCT ON (product_options.name, value ->> 'value')
      product_options.name, value ->> 'value', value ->> 'label', value ->> 'swatch'
    FROM product_options, jsonb_array_elements(product_options.values) AS value
    WHERE product_slug IN (SELECT unnest(slugs)) AND product_options.name IN ('color', 'storage')
      AND value ->> 'value' IS NOT NULL AND value ->> 'label' IS NOT NULL
    ORDER BY product_options.name, value ->> 'value', product_slug
    ON CONFLICT (facet, value) DO UPDATE SET label = excluded.label, swatch = excluded.swatch
    WHERE (search_labels.label, search_labels.swatch) IS DISTINCT FROM (excluded.label, excluded.swatch);

  SELECT coalesce(array_agg(DISTINCT ordinal), '{}') INTO touched FROM (
    SELECT unnest(touched) AS ordinal UNION SELECT ordinal FROM search_documents WHERE slug IN (SELECT unnest(slugs))
  ) AS either;
  PERFORM search_set_bits(touched, NULL);
END
$$;
--> statement-breakpoint

-- After any statement on a table of the catalog: the products whose rows it changed, in the columns that search knows.
-- Arguments: how a row names its product; those columns.
CREATE FUNCTION search_catalog_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  slugs text[];
  rows_of CONSTANT text := format('SELECT %s AS slug, %s FROM ', TG_ARGV[0], TG_ARGV[1]);
BEGIN
  EXECUTE CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT array_agg(DISTINCT slug) FROM (' || rows_of || 'new_rows AS changed) AS changed'
    WHEN 'DELETE' THEN 'SELECT array_agg(DISTINCT slug) FROM (' || rows_of || 'old_rows AS changed) AS changed'
    ELSE 'SELECT array_agg(DISTINCT slug) FROM ((' || rows_of || 'new_rows AS changed EXCEPT ' || rows_of || 'old_rows AS changed) UNION ALL ('
      || rows_of || 'old_rows AS changed EXCEPT ' || rows_of || 'new_rows AS changed)) AS changed'
  END INTO slugs;
  PERFORM search_refresh(slugs);
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- Stock moves with every sale; the index only cares when a SKU becomes scarce, sells out or is there again.
CREATE FUNCTION search_stock_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  turned integer[];
BEGIN
  PERFORM FROM search_offers JOIN new_rows USING (sku) WHERE stock <> search_stock_class(new_rows.available);
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM search_lock();
  WITH before AS MATERIALIZED (
    SELECT sku, stock FROM search_offers JOIN new_rows USING (sku)
  ), changed AS (
    UPDATE search_offers SET stock = search_stock_class(new_rows.available) FROM new_rows
    WHERE new_rows.sku = search_offers.sku AND stock <> search_stock_class(new_rows.available)
    RETURNING ordinal, search_offers.sku, search_offers.stock
  )
  SELECT coalesce(array_agg(DISTINCT ordinal), '{}') INTO turned
    FROM changed JOIN before USING (sku) WHERE (changed.stock > 0) <> (before.stock > 0);
  PERFORM search_set_bits(turned, 'stock');
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
    ('products', 'slug', 'name, description, details, category, position, listed, created_at'),
    ('product_options', 'product_slug', 'name, position, "values"'),
    ('drops', 'product_slug', 'opens_at'),
    ('skus', 'product_slug', 'sku, options, position, listed, initial_stock'),
    ('prices', '(SELECT product_slug FROM skus WHERE skus.sku = changed.sku)', 'sku, unit_amount_minor, valid_until')
  ) AS tables(name, slug, columns) LOOP
    FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
      EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION search_catalog_changed(%L, %L)',
        source.name || '_search_' || event, event, source.name,
        CASE event WHEN 'insert' THEN 'NEW TABLE AS new_rows' WHEN 'delete' THEN 'OLD TABLE AS old_rows'
          ELSE 'OLD TABLE AS old_rows NEW TABLE AS new_rows' END,
        source.slug, source.columns);
    END LOOP;
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE TRIGGER stock_levels_search_insert AFTER INSERT ON stock_levels
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION search_stock_changed();
--> statement-breakpoint
CREATE TRIGGER stock_levels_search_update AFTER UPDATE ON stock_levels
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION search_stock_changed();
--> statement-breakpoint
SELECT search_refresh((SELECT array_agg(slug) FROM products));
--> statement-breakpoint

-- Up to three words that a mistyped one may have been meant as, nearest first.
CREATE FUNCTION search_alike(typed text, slips integer) RETURNS SETOF text LANGUAGE sql STABLE
  SET pg_trgm.similarity_threshold = 0.2 AS $$
  SELECT word FROM search_words
  WHERE word % typed AND word ~ '^[a-z]' AND levenshtein_less_equal(word, typed, slips) <= slips
  ORDER BY levenshtein(word, typed), similarity(word, typed) DESC, documents DESC, word LIMIT 3
$$;
--> statement-breakpoint

-- What the words of a query are in the words of the catalog. `words`: [{ typed, others, isOpen }]; `pairs`: [{ at, words }].
-- Answers queries for every word and for any word, those for the headline's name alone (A), the words found and what
-- was taken for what. `every_word` is null where a word means nothing here.
CREATE FUNCTION search_meaning(words jsonb, pairs jsonb,
  OUT every_word tsquery, OUT in_name tsquery, OUT exactly_in_name tsquery, OUT any_word tsquery,
  OUT whole text[], OUT corrections jsonb) LANGUAGE plpgsql STABLE AS $$
DECLARE
  word record;
  exact text[];
  near text[];
  halves record;
  parts text[];
  every_parts text[] := '{}';
  name_parts text[] := '{}';
  exact_parts text[] := '{}';
  any_parts text[] := '{}';
  is_complete boolean := true;
BEGIN
  whole := '{}';
  corrections := '[]';
  FOR word IN
    SELECT given.value ->> 'typed' AS typed, (given.value ->> 'isOpen')::boolean AS is_open,
      ARRAY(SELECT jsonb_array_elements_text(given.value -> 'others')) AS others,
      ARRAY(SELECT jsonb_array_elements_text(pair -> 'words') FROM jsonb_array_elements(pairs) AS pair
        WHERE (pair ->> 'at')::integer IN (given.nth - 1, given.nth - 2)) AS joined
    FROM jsonb_array_elements(words) WITH ORDINALITY AS given(value, nth)
  LOOP
    exact := ARRAY(SELECT search_words.word FROM search_words WHERE search_words.word = ANY (word.typed || word.others || word.joined)
      UNION SELECT search_words.word FROM search_words WHERE stem = search_stem(word.typed) LIMIT 20);
    parts := exact;
    IF word.is_open OR (cardinality(exact) = 0 AND length(word.typed) > 2) THEN
      IF EXISTS (SELECT FROM search_words WHERE search_words.word > word.typed AND search_words.word < word.typed || '~') THEN
        parts := parts || (word.typed || ':*');
      END IF;
    END IF;
    IF cardinality(parts) = 0 AND word.typed ~ '^[a-z]{4,}$' THEN
      SELECT a.word AS one, b.word AS other INTO halves
        FROM generate_series(2, length(word.typed) - 1) AS cut
        JOIN search_words AS a ON a.word = left(word.typed, cut)
        JOIN search_words AS b ON b.word = substr(word.typed, cut + 1)
        ORDER BY least(a.documents, b.documents) DESC LIMIT 1;
      IF FOUND THEN
        parts := ARRAY[halves.one || '<->' || halves.other];
        exact := ARRAY[halves.one, halves.other];
        corrections := corrections || jsonb_build_object('typed', word.typed, 'taken', halves.one || ' ' || halves.other);
      ELSE
        near := ARRAY(SELECT search_alike(word.typed, CASE WHEN length(word.typed) < 5 THEN 1 ELSE 2 END));
        IF cardinality(near) > 0 THEN
          parts := near;
          exact := near;
          corrections := corrections || jsonb_build_object('typed', word.typed, 'taken', near[1]);
        END IF;
      END IF;
    END IF;
    IF cardinality(parts) = 0 THEN
      is_complete := false;
    ELSE
      whole := whole || exact;
      any_parts := any_parts || parts;
      every_parts := every_parts || ('(' || array_to_string(parts, ' | ') || ')');
      -- A part is a word, the beginning of one, or two that stand together: each to be in the name.
      name_parts := name_parts || ('(' || (SELECT string_agg(replace(part, '<->', ':A<->') || CASE WHEN part LIKE '%:*' THEN 'A' ELSE ':A' END, ' | ') FROM unnest(parts) AS part) || ')');
      IF cardinality(exact) > 0 AND exact_parts IS NOT NULL THEN
        exact_parts := exact_parts || ('(' || (SELECT string_agg(part || ':A', ' | ') FROM unnest(exact) AS part) || ')');
      ELSE
        exact_parts := NULL;
      END IF;
    END IF;
  END LOOP;
  IF cardinality(any_parts) > 0 THEN
    any_word := array_to_string(any_parts, ' | ')::tsquery;
    in_name := array_to_string(name_parts, ' & ')::tsquery;
    exactly_in_name := array_to_string(exact_parts, ' & ')::tsquery;
    IF is_complete THEN
      every_word := array_to_string(every_parts, ' & ')::tsquery;
    END IF;
  END IF;
END
$$;
--> statement-breakpoint

-- A bitmap of so many bits with these set. By chunks of 64, because an aggregate over whole bitmaps costs a copy for each product.
CREATE FUNCTION search_bits(ordinals integer[], size integer) RETURNS bit varying LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(coalesce(chunk.bits, 0)::bit(64)::text, '' ORDER BY series.nth)::bit varying
  FROM generate_series(0, size / 64 - 1) AS series(nth)
  LEFT JOIN (SELECT ordinal >> 6 AS nth, bit_or(1::bigint << (63 - (ordinal & 63))) AS bits FROM unnest(ordinals) AS ordinal GROUP BY 1) AS chunk USING (nth)
$$;
--> statement-breakpoint

-- Everything about one page of a search in one answer; null where nothing is in the index. `wanted`: readings (the query's meanings, the
-- first that finds something counts: [{ words, pairs, category, isLoose }]), category, color, storage, minPrice, maxPrice, inStock, sort, limit, offset.
CREATE FUNCTION search_products(wanted jsonb) RETURNS json LANGUAGE plpgsql STABLE
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  -- Matches of a text beyond these are not looked at.
  max_matches CONSTANT integer := 3000;
  -- Results up to these are put in order one by one; more are read in the order of an index.
  max_sorted CONSTANT integer := 1000;
  colors CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(wanted -> 'color'));
  storages CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(wanted -> 'storage'));
  least_price CONSTANT text := lpad(coalesce(wanted ->> 'minPrice', '0'), 15, '0');
  most_price CONSTANT text := lpad(coalesce(wanted ->> 'maxPrice', '999999999999999'), 15, '0');
  by_color CONSTANT boolean := cardinality(colors) > 0;
  by_storage CONSTANT boolean := cardinality(storages) > 0;
  by_price CONSTANT boolean := wanted ->> 'minPrice' IS NOT NULL OR wanted ->> 'maxPrice' IS NOT NULL;
  by_stock CONSTANT boolean := (wanted ->> 'inStock')::boolean;
  page_limit CONSTANT integer := (wanted ->> 'limit')::integer;
  page_offset CONSTANT integer := (wanted ->> 'offset')::integer;
  sort CONSTANT text := wanted ->> 'sort';
  every_one bit varying;
  none bit varying;
  open_now bit varying;
  reading jsonb;
  understood jsonb;
  meaning record;
  matching bit varying;
  ranked integer[];
  text_found bit varying;
  whole text[] := '{}';
  corrections jsonb := '[]';
  in_category bit varying;
  passing bit varying;
  for_color bit varying[];
  for_storage bit varying[];
  for_stock bit varying[];
  found bit varying;
  found_count integer;
  candidates integer[];
  page integer[];
  facets json;
BEGIN
  SELECT products, products & ~products INTO every_one, none FROM search_bitmaps WHERE facet = 'all' AND slot = -1 AND value = '';
  IF every_one IS NULL THEN
    RETURN NULL;
  END IF;
  matching := every_one;

  -- The text.
  FOR reading IN SELECT value FROM jsonb_array_elements(wanted -> 'readings') LOOP
    ranked := NULL;
    matching := every_one;
    IF reading ->> 'category' IS NOT NULL THEN
      SELECT coalesce(bit_or(products), none) INTO matching FROM search_bitmaps
        WHERE facet = 'category' AND slot = -1 AND value = reading ->> 'category';
    END IF;
    IF jsonb_array_length(reading -> 'words') > 0 THEN
      IF understood IS DISTINCT FROM reading -> 'words' THEN
        understood := reading -> 'words';
        meaning := search_meaning(understood, reading -> 'pairs');
      END IF;
      -- What stands in names and labels is meant before what descriptions mention by the way.
      IF (reading ->> 'isLoose')::boolean THEN
        SELECT array_agg(hit.ordinal ORDER BY hit.score DESC, hit.name_length, hit.position, hit.ordinal)
          INTO ranked
          FROM (SELECT ordinal, name_length, position, ts_rank('{0.1, 0.1, 0.4, 1}', headline, meaning.any_word) AS score
            FROM search_documents WHERE headline @@ meaning.any_word LIMIT max_matches) AS hit;
      ELSE
        SELECT array_agg(hit.ordinal ORDER BY hit.score DESC, hit.name_length, hit.position, hit.ordinal)
          INTO ranked
          FROM (SELECT ordinal, name_length, position,
              coalesce((headline @@ meaning.exactly_in_name)::integer, 0) + (headline @@ meaning.in_name)::integer AS score
            FROM search_documents WHERE headline @@ meaning.every_word LIMIT max_matches) AS hit;
      END IF;
      text_found := search_bits(ranked, length(none)) & matching;
      IF bit_count(text_found) = 0 THEN
        SELECT array_agg(hit.ordinal ORDER BY hit.score DESC, hit.ordinal)
          INTO ranked
          FROM (SELECT ordinal, ts_rank('{0.1, 0.2, 0.4, 1}', words, meaning.any_word) AS score
            FROM search_texts
            WHERE words @@ CASE WHEN (reading ->> 'isLoose')::boolean THEN meaning.any_word ELSE meaning.every_word END LIMIT max_matches) AS hit;
        text_found := search_bits(ranked, length(none)) & matching;
      END IF;
      matching := text_found;
      whole := meaning.whole;
      corrections := meaning.corrections;
    END IF;
    EXIT WHEN bit_count(matching) > 0;
  END LOOP;

  SELECT ~coalesce(bit_or(set_bit(none, ordinal, 1)), none) INTO open_now FROM search_documents WHERE opens_at > now();
  in_category := every_one;
  IF wanted ->> 'category' IS NOT NULL THEN
    SELECT coalesce(bit_or(products), none) INTO in_category FROM search_bitmaps
      WHERE facet = 'category' AND slot = -1 AND value = wanted ->> 'category';
  END IF;

  -- The filters that one and the same SKU must pass, slot by slot; for each facet also without its own.
  passing := every_one;
  IF by_color OR by_storage OR by_price OR by_stock THEN
    SELECT bit_or(m.color & m.storage & m.price & m.stock),
      array_agg(m.storage & m.price & m.stock ORDER BY m.slot) FILTER (WHERE by_storage OR by_price OR by_stock),
      array_agg(m.color & m.price & m.stock ORDER BY m.slot) FILTER (WHERE by_color OR by_price OR by_stock),
      array_agg(m.color & m.storage & m.price ORDER BY m.slot) FILTER (WHERE by_color OR by_storage OR by_price)
      INTO passing, for_color, for_storage, for_stock
      FROM (SELECT slots.slot,
          CASE WHEN by_color THEN coalesce((SELECT bit_or(products) FROM search_bitmaps WHERE facet = 'color' AND slot = slots.slot AND value = ANY (colors)), none) ELSE every_one END AS color,
          CASE WHEN by_storage THEN coalesce((SELECT bit_or(products) FROM search_bitmaps WHERE facet = 'storage' AND slot = slots.slot AND value = ANY (storages)), none) ELSE every_one END AS storage,
          CASE WHEN by_price THEN coalesce((SELECT bit_or(products) FROM search_bitmaps WHERE facet = 'price' AND slot = slots.slot AND value BETWEEN least_price AND most_price), none) ELSE every_one END AS price,
          CASE WHEN by_stock THEN coalesce((SELECT bit_or(products) FROM search_bitmaps WHERE facet = 'stock' AND slot = slots.slot AND value = ''), none) & open_now ELSE every_one END AS stock
        FROM generate_series(0, (SELECT max(slot) FROM search_bitmaps WHERE facet = 'price')) AS slots(slot) OFFSET 0) AS m;
  END IF;
  found := matching & in_category & passing;
  found_count := bit_count(found);
  in_category := in_category & matching;

  SELECT json_build_object(
    'category', (SELECT coalesce(json_agg(json_build_object('value', value, 'label', value, 'count', n)), '[]') FROM (
      SELECT value, bit_count(products & matching & passing) AS n FROM search_bitmaps WHERE facet = 'category' AND slot = -1) AS counted WHERE n > 0),
    'color', (SELECT coalesce(json_agg(json_build_object('value', value, 'label', label, 'swatch', swatch, 'count', n)), '[]')
      FROM (SELECT value, bit_count(products & in_category) AS n FROM search_bitmaps
          WHERE facet = 'color' AND slot = -1 AND NOT (by_storage OR by_price OR by_stock)
        UNION ALL SELECT value, bit_count(bit_or(products & for_color[slot + 1]) & in_category) FROM search_bitmaps
          WHERE facet = 'color' AND slot >= 0 AND (by_storage OR by_price OR by_stock) GROUP BY value) AS counted
      JOIN search_labels USING (value) WHERE facet = 'color' AND n > 0),
    'storage', (SELECT coalesce(json_agg(json_build_object('value', value, 'label', label, 'count', n)), '[]')
      FROM (SELECT value, bit_count(products & in_category) AS n FROM search_bitmaps
          WHERE facet = 'storage' AND slot = -1 AND NOT (by_color OR by_price OR by_stock)
        UNION ALL SELECT value, bit_count(bit_or(products & for_storage[slot + 1]) & in_category) FROM search_bitmaps
          WHERE facet = 'storage' AND slot >= 0 AND (by_color OR by_price OR by_stock) GROUP BY value) AS counted
      JOIN search_labels USING (value) WHERE facet = 'storage' AND n > 0),
    'lowestPrice', (SELECT CASE WHEN min(value) IS NULL THEN NULL ELSE json_build_object('min', min(value)::bigint, 'max', max(value)::bigint) END
      FROM search_bitmaps WHERE facet = 'lowest' AND slot = -1 AND bit_count(products & in_category) > 0),
    'inStock', CASE WHEN by_color OR by_storage OR by_price
      THEN (SELECT coalesce(bit_count(bit_or(products & for_stock[slot + 1]) & in_category & open_now), 0) FROM search_bitmaps WHERE facet = 'stock' AND slot >= 0)
      ELSE (SELECT coalesce(bit_count(bit_or(products) & in_category & open_now), 0) FROM search_bitmaps WHERE facet = 'stock' AND slot = -1) END
  ) INTO facets;

  -- The page.
  IF found_count > page_offset THEN
    IF sort = 'relevance' AND ranked IS NOT NULL THEN
      page := ARRAY(SELECT ordinal FROM unnest(ranked) WITH ORDINALITY AS hit(ordinal, nth)
        WHERE get_bit(found, ordinal) = 1 ORDER BY nth LIMIT page_limit OFFSET page_offset);
    ELSIF found_count <= max_sorted OR (sort IN ('price_asc', 'price_desc') AND (by_color OR by_storage OR by_price OR by_stock)) THEN
      candidates := ARRAY(SELECT bit.nth
        FROM generate_series(0, length(found) / 16 - 1) AS chunk(nth),
          LATERAL generate_series(chunk.nth * 16, chunk.nth * 16 + 15) AS bit(nth)
        WHERE bit_count(substring(found FROM chunk.nth * 16 + 1 FOR 16)) > 0 AND get_bit(found, bit.nth) = 1);
      page := ARRAY(
        SELECT ordinal FROM search_documents AS d
        WHERE ordinal = ANY (candidates)
        ORDER BY
          CASE WHEN sort IN ('price_asc', 'price_desc') THEN
            (SELECT CASE sort WHEN 'price_asc' THEN min(amount) ELSE -min(amount) END FROM search_offers WHERE search_offers.ordinal = d.ordinal
              AND (NOT by_color OR color = ANY (colors)) AND (NOT by_storage OR storage = ANY (storages))
              AND (NOT by_price OR amount BETWEEN least_price::bigint AND most_price::bigint) AND (NOT by_stock OR stock > 0)) END,
          CASE WHEN sort = 'newest' THEN d.created_at END DESC, CASE WHEN sort = 'name' THEN d.name END, d.position, d.slug
        LIMIT page_limit OFFSET page_offset);
    ELSE
      EXECUTE 'SELECT ARRAY(SELECT ordinal FROM search_documents WHERE get_bit($1, ordinal) = 1 ORDER BY '
        || CASE sort WHEN 'price_asc' THEN 'lowest_amount, position, slug' WHEN 'price_desc' THEN 'lowest_amount DESC, position, slug'
          WHEN 'newest' THEN 'created_at DESC, position, slug' WHEN 'name' THEN 'name, slug' ELSE 'position, slug' END
        || ' LIMIT $2 OFFSET $3)' INTO page USING found, page_limit, page_offset;
    END IF;
  END IF;

  RETURN json_build_object('total', found_count, 'facets', facets, 'whole', whole, 'corrections', corrections,
    'products', (SELECT coalesce(json_agg(json_build_object('slug', d.slug, 'lowestAmount', offer.lowest, 'highestAmount', offer.highest,
        'stock', offer.stock, 'opensAt', round(extract(epoch FROM d.opens_at) * 1000)::bigint, 'color', offer.color) ORDER BY shown.nth), '[]')
      FROM unnest(page) WITH ORDINALITY AS shown(ordinal, nth)
      JOIN search_documents AS d ON d.ordinal = shown.ordinal
      CROSS JOIN LATERAL (
        SELECT min(amount) AS lowest, max(amount) AS highest, max(stock) AS stock,
          CASE WHEN by_color THEN (array_agg(o.color ORDER BY array_position(colors, o.color)))[1] END AS color
        FROM search_offers AS o
        WHERE o.ordinal = shown.ordinal AND (NOT by_color OR o.color = ANY (colors)) AND (NOT by_storage OR o.storage = ANY (storages))
          AND (NOT by_price OR o.amount BETWEEN least_price::bigint AND most_price::bigint) AND (NOT by_stock OR o.stock > 0)
      ) AS offer));
END
$$;
