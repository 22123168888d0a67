/**
 * Held rows: deliveries that are extended, settled, hastened or put back to work.
 *
 * A row that another transaction has locked is never waited for in the database: a host's open transaction would hold up
 * whoever shares the statement. It is tried again, alone and a few times.
 */
import { receivedDelivery, type StoredDelivery } from '../../model/delivery.ts';
import { createBatches } from '../../ports/batches.ts';
import type { DeliveryOutcome, Storage } from '../../ports/storage.ts';
import { cell, numberOf, type Row } from './cells.ts';
import type { Run } from './connection.ts';
import { DELIVERY_CELLS, deliveryOf } from './stored-rows.ts';

type HeldRows = Pick<Storage, 'extendDelivery' | 'settleDelivery' | 'receiveDelivery' | 'hasten' | 'revive'>;

/** The part of a storage that changes single deliveries; `clock` is the common table expression of the moment. */
export function heldRows(run: Run, s: string, clock: string): HeldRows {
  const wake = `${s}.wake(array['d/' || d.tenant || '/' || d.id], array[ceil(d.due_at)::bigint])`;
  const settle = together(settlements(run, s, { clock, wake }));
  const extend = together(extensions(run, s, clock));

  /** Puts the row that `wanted` selects to work; it selects another one, or none, when that row has changed. */
  async function dueNow(
    wanted: string,
    { set, values }: { set: string; values: unknown[] },
  ): Promise<boolean | 'locked'> {
    const rows = await run(
      `with ${clock}, wanted as materialized (${wanted}), free as materialized (
        select d.tenant, d.id from ${s}.deliveries d join wanted w on d.tenant = w.tenant and d.id = w.id
        where d.state = w.state for update of d skip locked
      ), d as (
        update ${s}.deliveries d set ${set} from free, clock
        where d.tenant = free.tenant and d.id = free.id returning d.*
      )
      select ${wake}::text as woken, 'done' as outcome from d
      union all select null, 'locked' from wanted where not exists (select from free)`,
      values,
    );
    return rows.some(({ outcome }) => outcome === 'locked') ? 'locked' : rows.length > 0;
  }

  return {
    extendDelivery: (tenant, id, token, leaseMs) => whenFree(id, () => extend({ tenant, id, token, leaseMs })),
    settleDelivery: (tenant, id, token, outcome) => whenFree(id, () => settle({ tenant, id, token, outcome })),
    receiveDelivery(tenant, id, news) {
      const key = [cell(tenant), cell(id)];
      return whenFree(id, async () => {
        const [row] = await run(
          `with ${clock} select ${DELIVERY_CELLS}, d.token, clock.now from ${s}.deliveries d, clock
          where d.tenant = $1 and d.id = $2`,
          key,
        );
        const next = row && receivedDelivery(deliveryOf(row), news, numberOf(row.now));
        if (row === undefined || next === undefined) return undefined;
        const error = next.error === undefined ? null : cell(next.error);
        // When something else became of it meanwhile, it is decided anew.
        const changed = await run(
          `with free as materialized (
            select d.tenant, d.id from ${s}.deliveries d where d.tenant = $1 and d.id = $2 and d.state = 'sent'
              and d.token = $3 and d.outcome is not distinct from $4 for update skip locked
          )
          update ${s}.deliveries d set state = $5, error = $6, outcome = $7 from free
          where d.tenant = free.tenant and d.id = free.id returning d.id`,
          [...key, row.token, row.outcome, next.state, error, outcomeCell(next)],
        );
        return changed.length === 0 ? ('locked' as const) : next;
      });
    },
    hasten(tenant, incidentId, page, user) {
      const wanted = `select tenant, id, state from ${s}.deliveries
        where tenant = $1 and incident_id = $2 and incident_id <> '' and page = $3 and user_id = $4 and state = 'pending'
        order by error is not null, due_at, id limit 1`;
      const set = 'due_at = least(d.due_at, clock.now), ready_at = least(d.due_at, clock.now)';
      const values = [cell(tenant), cell(incidentId), page, cell(user)];
      return whenFree(`${incidentId}:${page}`, () => dueNow(wanted, { set, values }));
    },
    revive(tenant, id) {
      const wanted = `select tenant, id, state from ${s}.deliveries where tenant = $1 and id = $2 and state = 'dead'`;
      const set = "state = 'pending', attempts = 0, due_at = clock.now, ready_at = clock.now";
      return whenFree(id, () => dueNow(wanted, { set, values: [cell(tenant), cell(id)] }));
    },
  };
}

type Held = { readonly tenant: string; readonly id: string; readonly token: number };
type Extension = Held & { readonly leaseMs: number };
type Settlement = Held & { readonly outcome: DeliveryOutcome };
type Many<T, R> = (items: readonly T[]) => Promise<readonly (R | 'locked')[]>;

/** How long to wait, time after time, for a row that somebody has locked. */
const PAUSES_MS = [50, 100, 200, 400, 800, 1_600];

/** The answer of `attempt` once nobody else has the row. It also says 'locked' of a row that has just changed. */
async function whenFree<T>(what: string, attempt: () => Promise<T | 'locked'>): Promise<T> {
  for (const ms of PAUSES_MS) {
    const answer = await attempt();
    if (answer !== 'locked') return answer;
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  const answer = await attempt();
  if (answer !== 'locked') return answer;
  throw new Error(`Delivery ${what} is locked by another transaction.`);
}

/** Many deliveries end at the same time in a storm: their ends share statements, and so their writes to the disk. */
function together<T, R>(many: Many<T, R>): (item: T) => Promise<R | 'locked'> {
  return createBatches({ run: many, most: 100, atOnce: 4, isRepeated: false, failed: () => {} });
}

/** Extends leases; one that is long enough is only looked at, which writes nothing. */
function extensions(run: Run, s: string, clock: string): Many<Extension, boolean> {
  return async (items) => {
    const rows = await run(
      `with ${clock}, r as (
        select * from jsonb_to_recordset($1::jsonb) r(n integer, tenant text, id text, token integer, ms double precision)
      ), held as materialized (
        select r.n, d.leased_until >= clock.now + r.ms as is_enough
        from r join ${s}.deliveries d on d.tenant = r.tenant and d.id = r.id and d.token = r.token, clock
        where d.state = 'leased'
      ), free as materialized (
        select r.n, d.tenant, d.id, clock.now + r.ms as until
        from r join ${s}.deliveries d on d.tenant = r.tenant and d.id = r.id and d.token = r.token, clock
        where d.state = 'leased' and d.leased_until < clock.now + r.ms order by d.id for update of d skip locked
      ), extended as (
        update ${s}.deliveries d set leased_until = free.until, ready_at = free.until
        from free where d.tenant = free.tenant and d.id = free.id returning d.tenant, d.id
      )
      select n, 'held' as outcome from free join extended e on e.tenant = free.tenant and e.id = free.id
      union all select n, 'held' from held where is_enough
      union all select n, 'locked' from held where not is_enough and n not in (select n from free)`,
      [JSON.stringify(items.map(({ leaseMs, ...held }, n) => ({ ...heldRow(held, n), ms: leaseMs })))],
    );
    const answers = new Map(rows.map(({ n, outcome }) => [numberOf(n), outcome === 'held' || ('locked' as const)]));
    return items.map((_, n) => answers.get(n) ?? false);
  };
}

type SettlementSql = { readonly clock: string; readonly wake: string };

/** Settles; what was taken back stays so, unless it has gone out all the same. */
function settlements(
  run: Run,
  s: string,
  { clock, wake }: SettlementSql,
): Many<Settlement, StoredDelivery | undefined> {
  return async (items) => {
    const rows = await run(
      `with ${clock}, r as (
        select * from jsonb_to_recordset($1::jsonb) r(n integer, tenant text, id text, token integer, state text,
          error text, external_id text, outcome text, after_ms double precision)
      ), free as materialized (
        select r.n, d.tenant, d.id from r join ${s}.deliveries d
          on d.tenant = r.tenant and d.id = r.id and d.token = r.token
        where d.leased_until <> 0 order by d.id for update of d skip locked
      ), d as (
        update ${s}.deliveries d set leased_until = 0, error = r.error,
          external_id = case when r.state = 'sent' then r.external_id else d.external_id end,
          outcome = case when r.state = 'sent' then r.outcome else d.outcome end,
          attempts = d.attempts - case when r.state = 'held' and d.attempts > 0 then 1 else 0 end,
          sent_at = case when r.state = 'sent' then clock.now else d.sent_at end,
          state = case when r.state = 'sent' then 'sent' when d.state = 'withdrawn' then d.state
            when r.state = 'dead' then 'dead' else 'pending' end,
          due_at = case when r.state in ('retry', 'held') and d.state <> 'withdrawn' then clock.now + r.after_ms
            else d.due_at end,
          ready_at = case when r.state in ('retry', 'held') and d.state <> 'withdrawn' then clock.now + r.after_ms end
        from free join r on r.n = free.n, clock where d.tenant = free.tenant and d.id = free.id
        returning r.n, d.*
      )
      select d.n, ${DELIVERY_CELLS}, case when d.state = 'pending' then ${wake}::text end as woken, 'settled' as ended
      from d
      union all
      select r.n, ${DELIVERY_CELLS}, null, 'locked' from r join ${s}.deliveries d
        on d.tenant = r.tenant and d.id = r.id and d.token = r.token
      where d.leased_until <> 0 and r.n not in (select n from free)`,
      [JSON.stringify(items.map(settlementRow))],
    );
    const answers = new Map(
      rows.map((row) => [numberOf(row.n), row.ended === 'locked' ? ('locked' as const) : deliveryOf(row)]),
    );
    return items.map((_, n) => answers.get(n));
  };
}

function settlementRow({ outcome, ...held }: Settlement, n: number): Row {
  const { state } = outcome;
  return {
    ...heldRow(held, n),
    state,
    ...(state !== 'sent' && { error: cell(outcome.error) }),
    ...(state === 'sent' && outcome.externalId !== undefined && { external_id: cell(outcome.externalId) }),
    ...(state === 'sent' && { outcome: outcomeCell(outcome) }),
    ...((state === 'retry' || state === 'held') && { after_ms: outcome.afterMs }),
  };
}

/** What became of a delivery beyond its columns. */
function outcomeCell({ via, bundledIn, receipt }: Pick<StoredDelivery, 'via' | 'bundledIn' | 'receipt'>): string {
  return JSON.stringify({ via, bundledIn, receipt });
}

function heldRow({ tenant, id, token }: Held, n: number): Row {
  return { n, tenant: cell(tenant), id: cell(id), token };
}
