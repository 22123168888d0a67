/**
 * Due rows: lending, extending and settling, by the clock of the database.
 *
 * Whoever is lent a row is the only one: rows that somebody else is taking at this moment are passed over, never waited for.
 */
import type { StoredDelivery } from '../../model/delivery.ts';
import { createBatches } from '../../ports/batches.ts';
import type { DeliveryOutcome, Figures, Storage } from '../../ports/storage.ts';
import { cell, maybe, numberOf, type Row } from './cells.ts';
import type { Run } from './connection.ts';
import { DELIVERY_CELLS, deliveryOf, timerOf } from './stored-rows.ts';

type DueRows = Pick<
  Storage,
  | 'claimTimers'
  | 'dropTimer'
  | 'claimDeliveries'
  | 'extendDelivery'
  | 'settleDelivery'
  | 'hasten'
  | 'revive'
  | 'nextDue'
  | 'figures'
>;

/** The part of a storage that lends what is due; `s` is the name of the schema. */
export function dueRows(run: Run, s: string, nowSql: string): DueRows {
  const clock = `clock as materialized (select (${nowSql})::double precision as now)`;
  // Each tenant has its own index range, in the order of the moments.
  const tenants = '(select distinct unnest($1::text[]) as tenant) o';
  const wake = (id: string) => `${s}.wake(array['d/' || d.tenant || '/' || ${id}], array[ceil(d.due_at)::bigint])`;

  const settle = together(settlements(run, s, { clock, wake: wake('d.id') }));
  const extend = together(extensions(run, s, clock));

  return {
    async claimTimers({ tenants: wanted, limit, leaseMs }) {
      const rows = await run(
        `with ${clock},
        picked as (
          select p.* from clock, ${tenants} cross join lateral (
            select t.tenant, t.owner_kind, t.owner_id, t.kind, t.ready_at from ${s}.timers t
            where t.tenant = o.tenant and t.ready_at <= clock.now order by t.ready_at limit $2 for update skip locked
          ) p order by p.ready_at limit $2
        ),
        taken as (
          update ${s}.timers t set ready_at = clock.now + $3::double precision from picked p, clock
          where t.tenant = p.tenant and t.owner_kind = p.owner_kind and t.owner_id = p.owner_id and t.kind = p.kind
          returning t.tenant, t.owner_kind, t.owner_id, t.kind, t.armed_seq, t.due_at
        )
        select clock.now, taken.* from clock left join taken on true order by taken.due_at`,
        [wanted.map(cell), limit, leaseMs],
      );
      return { now: nowOf(rows), timers: rows.filter(isFound).map(timerOf) };
    },

    async dropTimer({ tenant, ownerKind, ownerId, kind, armedSeq }) {
      await run(
        `delete from ${s}.timers where tenant = $1 and owner_kind = $2 and owner_id = $3 and kind = $4 and armed_seq = $5`,
        [cell(tenant), cell(ownerKind), cell(ownerId), cell(kind), armedSeq],
      );
    },

    async claimDeliveries({ tenants: wanted, limit, leaseMs, except = [] }) {
      const rows = await run(
        `with ${clock},
        picked as (
          select p.* from clock, ${tenants} cross join lateral (
            select d.tenant, d.id, d.state, d.ready_at from ${s}.deliveries d
            where d.tenant = o.tenant and d.ready_at <= clock.now and d.notifier <> all($4::text[])
            order by d.ready_at limit $2 for update skip locked
          ) p order by p.ready_at limit $2
        ),
        taken as (
          update ${s}.deliveries d set state = 'leased', attempts = d.attempts + 1, token = d.token + 1,
            leased_until = clock.now + $3::double precision, ready_at = clock.now + $3::double precision
          from picked p, clock where d.tenant = p.tenant and d.id = p.id
          returning ${DELIVERY_CELLS}, d.token, p.state = 'leased' as is_reclaimed
        )
        select clock.now, taken.* from clock left join taken on true order by taken.due_at`,
        [wanted.map(cell), limit, leaseMs, except.map(cell)],
      );
      const deliveries = rows.filter(isFound).map((row) => ({
        delivery: deliveryOf(row),
        token: numberOf(row.token),
        isReclaimed: row.is_reclaimed === true,
      }));
      return { now: nowOf(rows), deliveries };
    },

    extendDelivery: (tenant, id, token, leaseMs) => extend({ tenant, id, token, leaseMs }),
    settleDelivery: (tenant, id, token, outcome) => settle({ tenant, id, token, outcome }),

    async hasten(tenant, incidentId, page, user) {
      const rows = await run(
        `with ${clock}, next as (
          select tenant, id from ${s}.deliveries
          where tenant = $1 and incident_id = $2 and page = $3 and user_id = $4 and state = 'pending'
          order by due_at, id limit 1 for update
        ), d as (
          update ${s}.deliveries d set due_at = least(d.due_at, clock.now), ready_at = least(d.due_at, clock.now)
          from next, clock where d.tenant = next.tenant and d.id = next.id and d.state = 'pending' returning d.*
        ) select ${wake('d.id')}::text from d`,
        [cell(tenant), cell(incidentId), page, cell(user)],
      );
      return rows.length > 0;
    },

    async revive(tenant, id) {
      const rows = await run(
        `with ${clock}, d as (
          update ${s}.deliveries d set state = 'pending', attempts = 0, due_at = clock.now, ready_at = clock.now
          from clock where d.tenant = $1 and d.id = $2 and d.state = 'dead' returning d.*
        ) select ${wake('d.id')}::text from d`,
        [cell(tenant), cell(id)],
      );
      return rows.length > 0;
    },

    async nextDue(wanted) {
      const [row] = await run(
        `with ${clock} select clock.now, (select min(first) from ${tenants} cross join lateral (
            select min(ready_at) as first from ${s}.timers t where t.tenant = o.tenant
            union all
            select min(ready_at) from ${s}.deliveries d where d.tenant = o.tenant and d.ready_at is not null
          ) f) as due_at from clock`,
        [wanted.map(cell)],
      );
      return { now: numberOf(row?.now), dueAt: maybe(numberOf, row?.due_at) };
    },

    async figures(wanted) {
      const [row] = await run(
        `with ${clock},
        t as (select count(*) as due, min(due_at) as oldest from ${s}.timers, clock
          where tenant = any($1::text[]) and ready_at <= now),
        d as (select count(*) filter (where ready_at <= now) as due, min(due_at) filter (where ready_at <= now) as oldest,
            count(*) filter (where state = 'leased' and leased_until > now) as leased
          from ${s}.deliveries, clock where tenant = any($1::text[]) and ready_at is not null),
        x as (select count(*) as dead from ${s}.deliveries where tenant = any($1::text[]) and state = 'dead')
        select clock.now, least(t.oldest, d.oldest) as oldest, t.due as timers, d.due as deliveries, d.leased, x.dead,
          (select case when is_called then last_value else 0 end from ${s}.missed_wake_ups) as missed
        from clock, t, d, x`,
        [wanted.map(cell)],
      );
      return figuresOf(row ?? {});
    },
  };
}

type Held = { readonly tenant: string; readonly id: string; readonly token: number };
type Extension = Held & { readonly leaseMs: number };
type Settlement = Held & { readonly outcome: DeliveryOutcome };
type Many<T, R> = (items: readonly T[]) => Promise<readonly R[]>;

/** Many deliveries end at the same time in a storm: their ends share statements, and so their writes to the disk. */
function together<T, R>(many: Many<T, R>): (item: T) => Promise<R> {
  return createBatches({ run: many, most: 100, atOnce: 4, isRepeated: false, failed: () => {} });
}

/** Extends leases; one that is long enough is only looked at, which writes nothing. */
function extensions(run: Run, s: string, clock: string): Many<Extension, boolean> {
  return async (items) => {
    const rows = await run(
      `with ${clock}, r as (
        select * from jsonb_to_recordset($1::jsonb) r(n integer, tenant text, id text, token integer, ms double precision)
      ), held as (
        select r.n from r join ${s}.deliveries d on d.tenant = r.tenant and d.id = r.id and d.token = r.token
        where d.state = 'leased'
      ), extended as (
        update ${s}.deliveries d set leased_until = clock.now + r.ms, ready_at = clock.now + r.ms
        from r, clock where d.tenant = r.tenant and d.id = r.id and d.token = r.token and d.state = 'leased'
          and d.leased_until < clock.now + r.ms
        returning 1
      )
      select n from held`,
      [
        JSON.stringify(
          items.map(({ tenant, id, token, leaseMs }, n) => ({
            n,
            tenant: cell(tenant),
            id: cell(id),
            token,
            ms: leaseMs,
          })),
        ),
      ],
    );
    const held = new Set(rows.map(({ n }) => numberOf(n)));
    return items.map((_, n) => held.has(n));
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
          error text, external_id text, after_ms double precision)
      ), d as (
        update ${s}.deliveries d set leased_until = 0, error = r.error,
          external_id = coalesce(r.external_id, d.external_id),
          sent_at = case when r.state = 'sent' then clock.now else d.sent_at end,
          state = case when r.state = 'sent' then 'sent' when d.state = 'withdrawn' then d.state
            when r.state = 'dead' then 'dead' else 'pending' end,
          due_at = case when r.state = 'retry' and d.state <> 'withdrawn' then clock.now + r.after_ms else d.due_at end,
          ready_at = case when r.state = 'retry' and d.state <> 'withdrawn' then clock.now + r.after_ms end
        from r, clock where d.tenant = r.tenant and d.id = r.id and d.token = r.token and d.leased_until <> 0
        returning r.n, d.*
      )
      select d.n, ${DELIVERY_CELLS}, case when d.state = 'pending' then ${wake}::text end from d`,
      [JSON.stringify(items.map(settlementRow))],
    );
    const settled = new Map(rows.map((row) => [numberOf(row.n), deliveryOf(row)]));
    return items.map((_, n) => settled.get(n));
  };
}

function settlementRow({ tenant, id, token, outcome }: Settlement, n: number): Row {
  const { state } = outcome;
  return {
    n,
    tenant: cell(tenant),
    id: cell(id),
    token,
    state,
    ...(state !== 'sent' && { error: cell(outcome.error) }),
    ...(state === 'sent' && outcome.externalId !== undefined && { external_id: cell(outcome.externalId) }),
    ...(state === 'retry' && { after_ms: outcome.afterMs }),
  };
}

function figuresOf(row: Row): Figures {
  return {
    now: numberOf(row.now),
    oldestDueAt: maybe(numberOf, row.oldest),
    dueTimers: numberOf(row.timers),
    dueDeliveries: numberOf(row.deliveries),
    leasedDeliveries: numberOf(row.leased),
    deadDeliveries: numberOf(row.dead),
    missedWakeUps: numberOf(row.missed),
  };
}

function nowOf(rows: readonly Row[]): number {
  return numberOf(rows[0]?.now);
}

/** A claim answers its clock even when it found nothing. */
function isFound(row: Row): boolean {
  return row.tenant !== null;
}
