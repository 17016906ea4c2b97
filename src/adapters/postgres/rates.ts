/** The merchant's rates in Postgres: read as one value, and replaced as a whole, shipping and taxes each by themselves. */
import { sql, type SQL } from "drizzle-orm";
import * as z from "zod";
import { KeptRates } from "../../contracts/rates.ts";
import type { Rates } from "../../domain/rates.ts";
import type { ShippingZone } from "../../domain/shipping.ts";
import type { TaxRate } from "../../domain/tax.ts";
import type { Database } from "./connection.ts";

/** The rates as JSON, to be selected from `catalog_version`. */
export const RATES = sql`
  jsonb_build_object('revision', catalog_version.rates_revision,
    'zones', coalesce((select jsonb_agg(jsonb_build_object('code', zones.code, 'name', zones.name,
        'countries', coalesce((select jsonb_agg(country order by country) from shipping_zone_countries
          where zone = zones.code), '[]'),
        'methods', coalesce((select jsonb_agg(jsonb_build_object('code', code, 'name', name,
            'amountMinor', amount_minor, 'freeFromMinor', free_from_minor, 'currency', currency,
            'leastDays', least_days, 'mostDays', most_days) order by position, code)
          from shipping_methods where zone = zones.code), '[]')) order by zones.position, zones.code)
      from shipping_zones as zones), '[]'),
    'taxes', coalesce((select jsonb_agg(jsonb_build_object('country', country, 'region', region, 'name', name,
        'basisPoints', basis_points, 'included', included, 'onShipping', on_shipping)
        order by country, region, position, name) from tax_rates), '[]'))`;

/** The newest there are. @throws where the primary cannot be reached */
export async function readRates(database: Database): Promise<Rates> {
  const { rows } = await database.write((client) =>
    client.execute<{ rates: unknown }>(sql`select ${RATES} as rates from catalog_version`),
  );
  return KeptRates.parse(rows[0]?.rates);
}

/**
 * Replaces all zones with their countries and methods.
 *
 * @param revision the rates that the caller has seen
 * @returns false, with nothing changed, where they have changed since
 * @throws where the primary cannot be reached; after a time limit it may or may not have happened: read them again
 */
export async function replaceShipping(
  database: Database,
  revision: number,
  zones: readonly ShippingZone[],
): Promise<boolean> {
  const json = JSON.stringify(zones);
  return await replaced(
    database,
    sql`
    with seen as materialized (${seen(revision)}), zones as (
      select value ->> 'code' as code, value ->> 'name' as name, ordinality as position, value
      from jsonb_array_elements(${json}::jsonb) with ordinality, seen
    ), kept_zones as (
      insert into shipping_zones (code, name, position) select code, name, position from zones
      on conflict (code) do update set name = excluded.name, position = excluded.position
    ), kept_countries as (
      insert into shipping_zone_countries (country, zone)
      select country, code from zones, jsonb_array_elements_text(value -> 'countries') as country
      on conflict (country) do update set zone = excluded.zone
    ), methods as (
      select zones.code as zone, method.value, method.ordinality as position
      from zones, jsonb_array_elements(zones.value -> 'methods') with ordinality as method
    ), kept_methods as (
      insert into shipping_methods
        (zone, code, name, amount_minor, free_from_minor, currency, least_days, most_days, position)
      select zone, value ->> 'code', value ->> 'name', (value ->> 'amountMinor')::bigint,
        (value ->> 'freeFromMinor')::bigint, value ->> 'currency', (value ->> 'leastDays')::integer,
        (value ->> 'mostDays')::integer, position from methods
      on conflict (zone, code) do update set name = excluded.name, amount_minor = excluded.amount_minor,
        free_from_minor = excluded.free_from_minor, currency = excluded.currency,
        least_days = excluded.least_days, most_days = excluded.most_days, position = excluded.position
    ), no_methods as (
      delete from shipping_methods as gone using seen
      where not exists (select from methods where methods.zone = gone.zone and methods.value ->> 'code' = gone.code)
    ), no_countries as (
      delete from shipping_zone_countries as gone using seen
      where not exists (select from zones where zones.value -> 'countries' ? gone.country::text)
    ), no_zones as (
      delete from shipping_zones as gone using seen
      where not exists (select from zones where zones.code = gone.code)
    )
    select count(*) as seen from seen`,
  );
}

/** Replaces the table of tax rates; otherwise as `replaceShipping`. */
export async function replaceTaxes(
  database: Database,
  revision: number,
  taxes: readonly TaxRate[],
): Promise<boolean> {
  const json = JSON.stringify(taxes);
  return await replaced(
    database,
    sql`
    with seen as materialized (${seen(revision)}), rates as (
      select value ->> 'country' as country, value ->> 'region' as region, value ->> 'name' as name,
        ordinality as position, value
      from jsonb_array_elements(${json}::jsonb) with ordinality, seen
    ), kept as (
      insert into tax_rates (country, region, name, basis_points, included, on_shipping, position)
      select country, region, name, (value ->> 'basisPoints')::integer, (value ->> 'included')::boolean,
        (value ->> 'onShipping')::boolean, position from rates
      on conflict (country, region, name) do update set basis_points = excluded.basis_points,
        included = excluded.included, on_shipping = excluded.on_shipping, position = excluded.position
    ), gone as (
      delete from tax_rates as gone using seen
      where not exists (select from rates where rates.country = gone.country and rates.region = gone.region
        and rates.name = gone.name)
    )
    select count(*) as seen from seen`,
  );
}

/** Locked, so that of two changes made of the same rates one finds that they have changed. */
const seen = (revision: number): SQL =>
  sql`select version from catalog_version where rates_revision = ${revision}::integer for update`;

async function replaced(database: Database, statement: SQL): Promise<boolean> {
  const { rows } = await database.write((client) => client.execute<{ seen: unknown }>(statement));
  return z.coerce.number().parse(rows[0]?.seen) === 1;
}
