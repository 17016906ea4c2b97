-- Search reads its tables by their indexes whatever the statistics say: with an estimate of a few rows a deep page of the whole list
-- was sorted from a scan of every document.
ALTER FUNCTION search_products(jsonb) SET enable_seqscan = off;
