-- Words of every script, not of Latin letters alone: names in Cyrillic, Greek, Arabic, Korean, Chinese are found by their words. Case, letters
-- and lengths are Unicode's whatever the locale of the database is.

-- A text in words, as `wordsOf` in src/domain/search/words.ts cuts queries; of a script without spaces each letter is a word of its own.
CREATE OR REPLACE FUNCTION search_text(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(regexp_replace(
    regexp_replace(
      replace(replace(replace(translate(
        regexp_replace(
          normalize(regexp_replace(lower(normalize(content, NFKD) COLLATE "pg_c_utf8"), '[\u0300-\u036f]', '', 'g'), NFKC),
          '[\u00ad\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u093c\u094d\u09bc\u09cd\u0a3c\u0a4d\u0abc\u0acd\u0b3c\u0b4d\u0bcd\u0c3c\u0c4d\u0cbc\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e47-\u0e4e\u0eba\u0ec8-\u0ece\u1037\u1039\u103a\u17c9-\u17d3\u17dd\u200c\u200d\u2060\u3099\u309a\ufe00-\ufe0f\ufeff]', '', 'g'),
        '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙øłđıς', '01234567890123456789012345678901234567890123456789oldiσ'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') COLLATE "pg_c_utf8",
      '[^[:alpha:]0-9]+', ' ', 'g'),
    '([\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff])', ' \1 ', 'g'),
    '(?<=[0-9])(?=[^0-9 ])|(?<=[^0-9 ])(?=[0-9])', ' ', 'g')
$$;
--> statement-breakpoint
-- The same as a vector in which each word has its place. Not `to_tsvector`, whose parser has words of its own for what it takes for numbers,
-- hosts or signs. Longer words than these a vector cannot hold.
CREATE FUNCTION search_vector(content text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(word || ':' || least(nth, 16383), ' '), '')::tsvector
  FROM (
    SELECT word, row_number() OVER (ORDER BY place) AS nth
    FROM regexp_split_to_table(search_text(content), ' +') WITH ORDINALITY AS split(word, place)
    WHERE word <> '' AND octet_length(word) < 2047
  ) AS words
$$;
--> statement-breakpoint
-- Makes the index say of these products what the catalog says.
CREATE OR REPLACE FUNCTION search_refresh(slugs text[]) RETURNS void LANGUAGE plpgsql AS $$
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
      setweight(search_vector(products.name), 'A')
        || setweight(search_vector(products.category || ' ' || coalesce(options.labels, '')), 'B') AS headline,
      setweight(search_vector(products.description), 'C')
        || setweight(search_vector(coalesce(details.texts, '')), 'D') AS description
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
-- What the words of a query are in the words of the catalog; see 0011. A word of a script without spaces is its letters in a row.
CREATE OR REPLACE FUNCTION search_meaning(words jsonb, pairs jsonb,
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
  is_run boolean;
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
    is_run := length(word.typed) > 1 AND word.typed ~ '^[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]';
    IF is_run AND NOT EXISTS (SELECT FROM regexp_split_to_table(word.typed, '') AS letter
        WHERE NOT EXISTS (SELECT FROM search_words WHERE search_words.word = letter COLLATE "C")) THEN
      exact := ARRAY[array_to_string(regexp_split_to_array(word.typed, ''), '<->')];
    END IF;
    parts := exact;
    IF word.is_open OR (cardinality(exact) = 0 AND length(word.typed) > 2) THEN
      IF EXISTS (SELECT FROM search_words WHERE search_words.word ^@ word.typed AND search_words.word <> word.typed) THEN
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
      whole := whole || CASE WHEN is_run THEN ARRAY[word.typed] ELSE exact END;
      any_parts := any_parts || parts;
      every_parts := every_parts || ('(' || array_to_string(parts, ' | ') || ')');
      -- A part is a word, the beginning of one, or two that stand together: each to be in the name.
      name_parts := name_parts || ('(' || (SELECT string_agg(replace(part, '<->', ':A<->') || CASE WHEN part LIKE '%:*' THEN 'A' ELSE ':A' END, ' | ') FROM unnest(parts) AS part) || ')');
      IF cardinality(exact) > 0 AND exact_parts IS NOT NULL THEN
        exact_parts := exact_parts || ('(' || (SELECT string_agg(replace(part, '<->', ':A<->') || ':A', ' | ') FROM unnest(exact) AS part) || ')');
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
DO $$ BEGIN
  PERFORM search_refresh(array_agg(slug)) FROM products;
END $$;
