-- What a filter must find in one and the same SKU is kept by what SKUs can be told apart by: colour, storage, price and whether there is
-- any. Of each such kind there is a bitmap of the products that have it, also with colour, storage or price left open (''; slot -1), so
-- that a search reads the few rows that its filters name. A price is the product's lowest (slot 0), its second lowest, …: products have
-- few. 'offer': some SKU is of that kind; 'available': one that can be bought. Ranges of prices are read by steps and, at both ends, exactly.
TRUNCATE search_bitmaps;
--> statement-breakpoint
ALTER TABLE search_bitmaps
  DROP CONSTRAINT search_bitmaps_facet_check,
  DROP CONSTRAINT search_bitmaps_pkey,
  ADD COLUMN color text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN storage text COLLATE "C" NOT NULL DEFAULT '',
  ADD CHECK (facet IN ('all', 'category', 'price', 'price_step', 'offer', 'available')),
  ADD PRIMARY KEY (facet, value, color, storage, slot);
--> statement-breakpoint

-- Among equally good matches: the shorter name, then the place in the list, then the ordinal, in one number (12, 27 and 21 bits of it),
-- whose last bits say which product it is.
ALTER TABLE search_documents ADD COLUMN precedence bigint NOT NULL GENERATED ALWAYS AS (
  (least(name_length, 4095)::bigint << 48) | (least(greatest(position, 0), 134217727)::bigint << 21) | ordinal
) STORED, ADD CHECK (ordinal < 2097152);
--> statement-breakpoint
-- Which step of prices an amount in minor units is in.
CREATE FUNCTION search_price_step(amount bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT amount >> 14
$$;
--> statement-breakpoint
-- The least amount in a step.
CREATE FUNCTION search_price_start(step bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT step << 14
$$;
--> statement-breakpoint
-- A number of at least nought as text that sorts as numbers do.
CREATE FUNCTION search_sortable(number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lpad(number::text, 15, '0')
$$;
--> statement-breakpoint

-- `bits` with these set as well; of a number of more than 21 bits the last 21 count, as in `precedence`. A loop, because an aggregate over bitmaps goes through the whole of them for every product.
DROP FUNCTION search_bits(integer[], integer);
--> statement-breakpoint
CREATE FUNCTION search_bits(numbers bigint[], bits bit varying) RETURNS bit varying LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  number bigint;
BEGIN
  FOREACH number IN ARRAY numbers LOOP
    bits := set_bit(bits, (number & 2097151)::integer, 1);
  END LOOP;
  RETURN bits;
END
$$;
--> statement-breakpoint
-- Sets the bits of these products as documents and offers say, in every bitmap or in those of one facet.
CREATE OR REPLACE FUNCTION search_set_bits(ordinals integer[], only_facet text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  -- Bitmaps grow by this many products at a time; all are of one length.
  step CONSTANT integer := 1024;
  length_now integer := coalesce((SELECT length(products) FROM search_bitmaps WHERE facet = 'all'), 0);
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
  changed := search_bits(ordinals::bigint[], none);
  UPDATE search_bitmaps SET products = products & ~changed
    WHERE (only_facet IS NULL OR facet = only_facet) AND bit_count(products & changed) > 0;
  INSERT INTO search_bitmaps AS known (facet, value, color, storage, slot, products)
  WITH offers AS MATERIALIZED (
    SELECT ordinal, coalesce(color, '') AS color, coalesce(storage, '') AS storage, amount, stock > 0 AS available,
      dense_rank() OVER (PARTITION BY ordinal ORDER BY amount)::integer - 1 AS slot
    FROM search_offers WHERE ordinal IN (SELECT unnest(ordinals))
  ), kinds AS MATERIALIZED (
    SELECT color, storage, slot, available, search_bits(array_agg(ordinal::bigint), none) AS products FROM offers GROUP BY color, storage, slot, available
  )
  SELECT facet, value, color, storage, slot, bit_or(has.products) FROM (
    SELECT facet.name AS facet, '' AS value, offered.color, offered.storage, offered.slot, kinds.products
    FROM kinds,
      LATERAL (VALUES ('all'), ('offer'), (CASE WHEN available THEN 'available' END)) AS facet(name),
      LATERAL (
        SELECT * FROM (VALUES (kinds.color), ('')) AS c(color), (VALUES (kinds.storage), ('')) AS s(storage), (VALUES (kinds.slot), (-1)) AS n(slot)
      ) AS offered
    WHERE facet.name IS NOT NULL AND (facet.name <> 'all' OR (offered.color = '' AND offered.storage = '' AND offered.slot = -1))
    UNION ALL
    SELECT 'price', search_sortable(amount), '', '', slot, search_bits(array_agg(ordinal::bigint), none) FROM offers GROUP BY amount, slot
    UNION ALL
    SELECT 'price_step', search_sortable(search_price_step(amount)), '', '', slot, search_bits(array_agg(ordinal::bigint), none)
      FROM offers GROUP BY search_price_step(amount), slot
    UNION ALL
    SELECT 'category', products.category, '', '', -1, search_bits(array_agg(ordinal::bigint), none)
      FROM search_documents JOIN products USING (slug)
      WHERE ordinal IN (SELECT unnest(ordinals)) AND search_documents.lowest_amount IS NOT NULL
      GROUP BY products.category
  ) AS has
  WHERE only_facet IS NULL OR facet = only_facet
  GROUP BY facet, value, color, storage, slot
  ORDER BY facet, value, color, storage, slot
  ON CONFLICT (facet, value, color, storage, slot) DO UPDATE SET products = known.products | excluded.products;
  DELETE FROM search_bitmaps WHERE bit_count(products) = 0 AND facet <> 'all' AND (only_facet IS NULL OR facet = only_facet);
END
$$;
--> statement-breakpoint
-- Stock moves with every sale; the index only cares when a SKU becomes scarce, sells out or is there again.
CREATE OR REPLACE FUNCTION search_stock_changed() RETURNS trigger LANGUAGE plpgsql AS $$
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
  PERFORM search_set_bits(turned, 'available');
  RETURN NULL;
END
$$;
--> statement-breakpoint
DO $$ BEGIN
  PERFORM search_set_bits(array_agg(ordinal), NULL) FROM search_documents HAVING count(*) > 0;
END $$;
--> statement-breakpoint
-- What the words of a query are in the words of the catalog. `words`: [{ typed, others, isOpen }]; `pairs`: [{ at, words }].
-- Answers queries for every word, for all but one (or all but those that mean nothing here) and for any word, those for the headline's
-- name alone (A), the words found and what was taken for what. `every_word` is null where a word means nothing, `most_words` where it
-- would be one of the others.
DROP FUNCTION search_meaning(jsonb, jsonb);
--> statement-breakpoint
CREATE FUNCTION search_meaning(words jsonb, pairs jsonb,
  OUT every_word tsquery, OUT most_words tsquery, OUT in_name tsquery, OUT exactly_in_name tsquery, OUT any_word tsquery,
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
      IF cardinality(every_parts) > 2 THEN
        most_words := (SELECT string_agg('(' || array_to_string(every_parts[:left_out - 1] || every_parts[left_out + 1:], ' & ') || ')', ' | ')
          FROM generate_series(1, cardinality(every_parts)) AS left_out)::tsquery;
      END IF;
    ELSIF cardinality(every_parts) > 1 THEN
      most_words := array_to_string(every_parts, ' & ')::tsquery;
    END IF;
  END IF;
END
$$;
--> statement-breakpoint
-- Everything about one page of a search in one answer; null where nothing is in the index. `wanted`: readings (the query's meanings, the
-- first that finds something counts: [{ words, pairs, category, isLoose }]), category, color, storage, minPrice, maxPrice, inStock, sort,
-- limit, offset. Only what is on the page is put in order, and rows are arrays: what each has is in src/adapters/postgres/search.ts.
CREATE OR REPLACE FUNCTION search_products(wanted jsonb) RETURNS json LANGUAGE plpgsql STABLE
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off
  SET jit = off AS $$
DECLARE
  -- Matches of a text beyond these are not looked at.
  max_matches CONSTANT integer := 3000;
  -- Where only some of the words need to be met, fewer: each is weighed by all of them.
  max_loose_matches CONSTANT integer := 800;
  -- To look at a row in the order of an index costs about this part of fetching one and putting it in order.
  fetches_per_step CONSTANT integer := 25;
  -- Prices of so few products are looked up one by one.
  max_looked_up CONSTANT integer := 100;
  colors CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(wanted -> 'color'));
  storages CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(wanted -> 'storage'));
  least_price CONSTANT bigint := coalesce((wanted ->> 'minPrice')::bigint, 0);
  most_price CONSTANT bigint := coalesce((wanted ->> 'maxPrice')::bigint, 999999999999999);
  by_color CONSTANT boolean := cardinality(colors) > 0;
  by_storage CONSTANT boolean := cardinality(storages) > 0;
  by_price CONSTANT boolean := wanted ->> 'minPrice' IS NOT NULL OR wanted ->> 'maxPrice' IS NOT NULL;
  by_stock CONSTANT boolean := (wanted ->> 'inStock')::boolean;
  page_limit CONSTANT integer := (wanted ->> 'limit')::integer;
  page_offset CONSTANT integer := (wanted ->> 'offset')::integer;
  sort CONSTANT text := wanted ->> 'sort';
  by_relevance CONSTANT boolean := sort = 'relevance';
  -- The kinds of SKUs to read: '' and -1 stand for any.
  of_color CONSTANT text[] := CASE WHEN by_color THEN colors ELSE '{""}' END;
  of_storage CONSTANT text[] := CASE WHEN by_storage THEN storages ELSE '{""}' END;
  least_slot CONSTANT integer := CASE WHEN by_price THEN 0 ELSE -1 END;
  most_slot CONSTANT integer := CASE WHEN by_price THEN 2147483647 ELSE -1 END;
  offer CONSTANT text := CASE WHEN by_stock THEN 'available' ELSE 'offer' END;
  -- The first and the last step of prices that are all in the range, and the prices of which the steps around them begin and end.
  first_step CONSTANT bigint := search_price_step(least_price - 1) + 1;
  last_step CONSTANT bigint := search_price_step(most_price + 1) - 1;
  every_one bit varying;
  none bit varying;
  open_now bit varying;
  reading jsonb;
  understood jsonb;
  meaning record;
  query tsquery;
  exactly_in_name tsquery;
  in_name tsquery;
  matches integer[];
  -- The better match has the lower number, and its last 21 bits are the ordinal.
  weights bigint[];
  ordinal_bits CONSTANT bigint := 2097151;
  -- The matches in order, where they had to be weighed to be chosen.
  ranked integer[];
  matching bit varying;
  text_found bit varying;
  whole text[] := '{}';
  corrections jsonb := '[]';
  selected bit varying;
  -- For slot 0, 1, …: the products whose price in it is in the range.
  priced bit varying[];
  passing bit varying;
  counted bit varying;
  found bit varying;
  found_count integer;
  candidates integer[];
  page integer[];
  facets json;
BEGIN
  SELECT products, products & ~products INTO every_one, none FROM search_bitmaps WHERE facet = 'all';
  IF every_one IS NULL THEN
    RETURN NULL;
  END IF;
  matching := every_one;

  -- The text. What stands in names and labels is meant before what descriptions mention by the way.
  FOR reading IN SELECT value FROM jsonb_array_elements(wanted -> 'readings') LOOP
    weights := NULL;
    matches := NULL;
    ranked := NULL;
    matching := every_one;
    IF reading ->> 'category' IS NOT NULL THEN
      SELECT coalesce(bit_or(products), none) INTO matching FROM search_bitmaps WHERE facet = 'category' AND value = reading ->> 'category';
    END IF;
    IF jsonb_array_length(reading -> 'words') > 0 THEN
      IF understood IS DISTINCT FROM reading -> 'words' THEN
        understood := reading -> 'words';
        meaning := search_meaning(understood, reading -> 'pairs');
        whole := meaning.whole;
        corrections := meaning.corrections;
      END IF;
      text_found := none;
      IF NOT (reading ->> 'isLoose')::boolean THEN
        IF meaning.every_word IS NOT NULL THEN
          query := meaning.every_word;
          exactly_in_name := meaning.exactly_in_name;
          in_name := meaning.in_name;
          weights := ARRAY(SELECT precedence | CASE WHEN NOT by_relevance OR headline @@ exactly_in_name THEN 0
              WHEN headline @@ in_name THEN 1::bigint << 60 ELSE 2::bigint << 60 END
            FROM search_documents WHERE headline @@ query LIMIT max_matches);
          IF cardinality(weights) > 0 THEN
            text_found := search_bits(weights, none) & matching;
            IF cardinality(weights) <= max_looked_up THEN
              matches := ARRAY(SELECT (weight & ordinal_bits)::integer FROM unnest(weights) AS weight);
            END IF;
          END IF;
          IF bit_count(text_found) = 0 THEN
            matches := ARRAY(SELECT hit.ordinal
              FROM (SELECT ordinal, ts_rank('{0.1, 0.2, 0.4, 1}', words, meaning.any_word) AS score
                FROM search_texts WHERE words @@ query LIMIT max_loose_matches) AS hit
              ORDER BY hit.score DESC, hit.ordinal);
            ranked := matches;
          END IF;
        END IF;
      ELSIF meaning.any_word IS NOT NULL THEN
        FOREACH query IN ARRAY ARRAY[meaning.most_words, meaning.any_word] LOOP
          CONTINUE WHEN query IS NULL;
          matches := ARRAY(SELECT hit.ordinal
            FROM (SELECT ordinal, name_length, position, ts_rank('{0.1, 0.1, 0.4, 1}', headline, meaning.any_word) AS score
              FROM search_documents WHERE headline @@ query LIMIT max_loose_matches) AS hit
            ORDER BY hit.score DESC, hit.name_length, hit.position, hit.ordinal);
          ranked := matches;
          EXIT WHEN cardinality(matches) > 0;
        END LOOP;
        IF cardinality(matches) = 0 THEN
          matches := ARRAY(SELECT hit.ordinal
            FROM (SELECT ordinal, ts_rank('{0.1, 0.2, 0.4, 1}', words, meaning.any_word) AS score
              FROM search_texts WHERE words @@ meaning.any_word LIMIT max_loose_matches) AS hit
            ORDER BY hit.score DESC, hit.ordinal);
          ranked := matches;
        END IF;
      END IF;
      IF ranked IS NOT NULL AND cardinality(ranked) > 0 THEN
        text_found := search_bits(ranked::bigint[], none) & matching;
      END IF;
      matching := text_found;
    END IF;
    EXIT WHEN bit_count(matching) > 0;
  END LOOP;

  SELECT ~coalesce(bit_or(set_bit(none, ordinal, 1)), none) INTO open_now FROM search_documents WHERE opens_at > now();
  selected := matching;
  IF wanted ->> 'category' IS NOT NULL THEN
    SELECT matching & coalesce(bit_or(products), none) INTO selected FROM search_bitmaps WHERE facet = 'category' AND value = wanted ->> 'category';
  END IF;

  -- The filters that one and the same SKU must pass.
  passing := every_one;
  IF by_price THEN
    priced := ARRAY(
      SELECT coalesce(in_range.products, none)
      FROM generate_series(0, (SELECT max(slot) FROM search_bitmaps WHERE facet = 'price_step')) AS slots(slot)
      LEFT JOIN (SELECT slot, bit_or(products) AS products FROM (
          SELECT slot, products FROM search_bitmaps
            WHERE facet = 'price_step' AND value BETWEEN search_sortable(first_step) AND search_sortable(last_step)
          UNION ALL
          SELECT slot, products FROM search_bitmaps
            WHERE facet = 'price' AND value BETWEEN search_sortable(least_price) AND search_sortable(least(most_price, search_price_start(first_step) - 1))
          UNION ALL
          SELECT slot, products FROM search_bitmaps
            WHERE facet = 'price' AND value BETWEEN search_sortable(greatest(least_price, search_price_start(last_step + 1))) AND search_sortable(most_price)
        ) AS either GROUP BY slot) AS in_range USING (slot)
      ORDER BY slot);
  END IF;
  IF by_color OR by_storage OR by_price OR by_stock THEN
    SELECT coalesce(bit_or(CASE WHEN by_price THEN products & priced[slot + 1] ELSE products END), none) INTO passing FROM search_bitmaps
      WHERE facet = offer AND value = '' AND color = ANY (of_color) AND storage = ANY (of_storage) AND slot BETWEEN least_slot AND most_slot;
    IF by_stock THEN
      passing := passing & open_now;
    END IF;
  END IF;
  found := selected & passing;
  found_count := bit_count(found);
  counted := CASE WHEN by_stock THEN selected & open_now ELSE selected END;

  -- Each facet without its own filter.
  SELECT json_build_object(
    'category', (SELECT coalesce(json_agg(json_build_array(value, value, n)), '[]') FROM (
      SELECT value, bit_count(products & matching & passing) AS n FROM search_bitmaps WHERE facet = 'category') AS each WHERE n > 0),
    'color', (SELECT coalesce(json_agg(json_build_array(value, label, n, swatch)), '[]') FROM (
        SELECT color AS value, bit_count(bit_or(CASE WHEN by_price THEN products & priced[slot + 1] ELSE products END) & counted) AS n FROM search_bitmaps
        WHERE facet = offer AND value = '' AND color > '' AND storage = ANY (of_storage) AND slot BETWEEN least_slot AND most_slot
        GROUP BY color) AS each
      JOIN search_labels USING (value) WHERE facet = 'color' AND n > 0),
    'storage', (SELECT coalesce(json_agg(json_build_array(value, label, n)), '[]') FROM (
        SELECT storage AS value, bit_count(bit_or(CASE WHEN by_price THEN products & priced[slot + 1] ELSE products END) & counted) AS n FROM search_bitmaps
        WHERE facet = offer AND value = '' AND color = ANY (of_color) AND storage > '' AND slot BETWEEN least_slot AND most_slot
        GROUP BY storage) AS each
      JOIN search_labels USING (value) WHERE facet = 'storage' AND n > 0),
    'inStock', (SELECT bit_count(coalesce(bit_or(CASE WHEN by_price THEN products & priced[slot + 1] ELSE products END), none) & selected & open_now) FROM search_bitmaps
      WHERE facet = 'available' AND value = '' AND color = ANY (of_color) AND storage = ANY (of_storage) AND slot BETWEEN least_slot AND most_slot),
    'lowestPrice', CASE
      WHEN bit_count(selected) = 0 THEN NULL
      WHEN cardinality(matches) <= max_looked_up THEN
        (SELECT json_build_array(min(lowest_amount), max(lowest_amount)) FROM search_documents WHERE ordinal = ANY (matches) AND get_bit(selected, ordinal) = 1)
      ELSE (
        SELECT json_build_array(
          (SELECT min(value)::bigint FROM search_bitmaps WHERE facet = 'price' AND slot = 0 AND bit_count(products & selected) > 0
            AND value BETWEEN search_sortable(search_price_start(step.least)) AND search_sortable(search_price_start(step.least + 1) - 1)),
          (SELECT max(value)::bigint FROM search_bitmaps WHERE facet = 'price' AND slot = 0 AND bit_count(products & selected) > 0
            AND value BETWEEN search_sortable(search_price_start(step.most)) AND search_sortable(search_price_start(step.most + 1) - 1)))
        FROM (SELECT min(value)::bigint AS least, max(value)::bigint AS most FROM search_bitmaps
          WHERE facet = 'price_step' AND slot = 0 AND bit_count(products & selected) > 0) AS step) END
  ) INTO facets;

  -- The page.
  IF found_count <= page_offset THEN
    page := '{}';
  ELSIF by_relevance AND ranked IS NOT NULL THEN
    page := ARRAY(SELECT ordinal FROM unnest(ranked) WITH ORDINALITY AS hit(ordinal, nth)
      WHERE get_bit(found, ordinal) = 1 ORDER BY nth LIMIT page_limit OFFSET page_offset);
  ELSIF by_relevance AND weights IS NOT NULL THEN
    page := ARRAY(SELECT (weight & ordinal_bits)::integer FROM unnest(weights) AS weight
      WHERE get_bit(found, (weight & ordinal_bits)::integer) = 1 ORDER BY weight LIMIT page_limit OFFSET page_offset);
  ELSIF (sort IN ('price_asc', 'price_desc') AND passing <> every_one)
    OR found_count::bigint * found_count * fetches_per_step < (page_limit + page_offset)::bigint * bit_count(every_one) THEN
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
            AND (NOT by_price OR amount BETWEEN least_price AND most_price) AND (NOT by_stock OR stock > 0)) END,
        CASE WHEN sort = 'newest' THEN d.created_at END DESC, CASE WHEN sort = 'name' THEN d.name END, d.position, d.slug
      LIMIT page_limit OFFSET page_offset);
  ELSIF sort = 'price_asc' THEN
    page := ARRAY(SELECT ordinal FROM search_documents WHERE get_bit(found, ordinal) = 1
      ORDER BY lowest_amount, position, slug LIMIT page_limit OFFSET page_offset);
  ELSIF sort = 'price_desc' THEN
    page := ARRAY(SELECT ordinal FROM search_documents WHERE get_bit(found, ordinal) = 1
      ORDER BY lowest_amount DESC, position, slug LIMIT page_limit OFFSET page_offset);
  ELSIF sort = 'newest' THEN
    page := ARRAY(SELECT ordinal FROM search_documents WHERE get_bit(found, ordinal) = 1
      ORDER BY created_at DESC, position, slug LIMIT page_limit OFFSET page_offset);
  ELSIF sort = 'name' THEN
    page := ARRAY(SELECT ordinal FROM search_documents WHERE get_bit(found, ordinal) = 1
      ORDER BY name, slug LIMIT page_limit OFFSET page_offset);
  ELSE
    page := ARRAY(SELECT ordinal FROM search_documents WHERE get_bit(found, ordinal) = 1
      ORDER BY position, slug LIMIT page_limit OFFSET page_offset);
  END IF;

  RETURN json_build_object('total', found_count, 'facets', facets, 'whole', whole, 'corrections', corrections,
    'products', (SELECT coalesce(json_agg(json_build_array(d.slug, offered.lowest, offered.highest, offered.stock,
        round(extract(epoch FROM d.opens_at) * 1000)::bigint, offered.color) ORDER BY array_position(page, d.ordinal)), '[]')
      FROM search_documents AS d
      JOIN (
        SELECT o.ordinal, min(amount) AS lowest, max(amount) AS highest, max(stock) AS stock, colors[min(array_position(colors, o.color))] AS color
        FROM search_offers AS o
        WHERE o.ordinal = ANY (page) AND (NOT by_color OR o.color = ANY (colors)) AND (NOT by_storage OR o.storage = ANY (storages))
          AND (NOT by_price OR o.amount BETWEEN least_price AND most_price) AND (NOT by_stock OR o.stock > 0)
        GROUP BY o.ordinal
      ) AS offered USING (ordinal)
      WHERE d.ordinal = ANY (page)));
END
$$;
