-- Extensions the tables need. pg_trgm: ops search by a part of an e-mail address.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
