-- The same function with tighter bounds on what is weighed word by word, and nothing done for a reading that finds nothing.
CREATE OR REPLACE FUNCTION search_products(wanted jsonb) RETURNS json LANGUAGE plpgsql STABLE
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off AS $$
DECLARE
  -- Matches of a text beyond these are not looked at.
  max_matches CONSTANT integer := 3000;
  -- Where only some of the words need to be met, fewer: each is weighed by all of them.
  max_loose_matches CONSTANT integer := 800;
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
            FROM search_documents WHERE headline @@ meaning.any_word LIMIT max_loose_matches) AS hit;
      ELSE
        SELECT array_agg(hit.ordinal ORDER BY hit.score DESC, hit.name_length, hit.position, hit.ordinal)
          INTO ranked
          FROM (SELECT ordinal, name_length, position,
              coalesce((headline @@ meaning.exactly_in_name)::integer, 0) + (headline @@ meaning.in_name)::integer AS score
            FROM search_documents WHERE headline @@ meaning.every_word LIMIT max_matches) AS hit;
      END IF;
      text_found := CASE WHEN ranked IS NULL THEN none ELSE search_bits(ranked, length(none)) & matching END;
      IF bit_count(text_found) = 0 THEN
        SELECT array_agg(hit.ordinal ORDER BY hit.score DESC, hit.ordinal)
          INTO ranked
          FROM (SELECT ordinal, ts_rank('{0.1, 0.2, 0.4, 1}', words, meaning.any_word) AS score
            FROM search_texts
            WHERE words @@ CASE WHEN (reading ->> 'isLoose')::boolean THEN meaning.any_word ELSE meaning.every_word END LIMIT max_loose_matches) AS hit;
        text_found := CASE WHEN ranked IS NULL THEN none ELSE search_bits(ranked, length(none)) & matching END;
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
