/**
 * Delivery columns: what the third migration adds to the table of the first.
 *
 * No row is rewritten. A delivery of no incident has the empty text as its incident. What a provider calls one may be longer
 * than an index takes, so only its beginning stands there.
 */

/** Adds what became of a delivery beyond the other columns, as JSON, and indexes for receipts and for pruning. */
export const deliveryColumns = (s: string): string => `
alter table ${s}.deliveries add column if not exists outcome text;
create index if not exists deliveries_external on ${s}.deliveries (left(external_id, 200), tenant) where external_id is not null;
create index if not exists deliveries_of_none on ${s}.deliveries (tenant, requested_at) where incident_id = '';
`;
