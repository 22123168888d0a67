/**
 * Due rows: lending what is due, and counting it, by the clock of the database.
 *
 * Whoever is lent a row is the only one: rows that somebody else is taking at this moment are passed over, never waited for.
 */
import type { Figures, Storage } from '../../ports/storage.ts';
import { cell, maybe, numberOf, type Row } from './cells.ts';
import type { Run } from './connection.ts';
import { heldRows } from './held-rows.ts';
import { DELIVERY_CELLS, deliveryOf, timerOf } from './stored-rows.ts';

type DueRows = Pick<
  Storage,
  | 'claimTimers'
  | 'dropTimer'
  | 'claimDeliveries'
  | 'extendDelivery'
  | 'settleDelivery'
  | 'receiveDelivery'
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
          returning t.tenant, t.owner_kind, t.owner_id, t.kind, t.armed_seq, t.due_at, p.ready_at as free_at
        )
        select clock.now, taken.* from clock left join taken on true order by taken.free_at, taken.due_at`,
        [wanted.map(cell), limit, leaseMs],
      );
      return { now: nowOf(rows), timers: rows.filter(isFound).map(timerOf) };
    },

    // One that somebody has locked stays, and is handed out again when its lease ends.
    async dropTimer({ tenant, ownerKind, ownerId, kind, armedSeq }) {
      await run(
        `delete from ${s}.timers where ctid in (
          select ctid from ${s}.timers
          where tenant = $1 and owner_kind = $2 and owner_id = $3 and kind = $4 and armed_seq = $5 for update skip locked
        )`,
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
          returning ${DELIVERY_CELLS}, d.token, (p.state = 'leased')::integer as is_reclaimed, p.ready_at as free_at
        )
        select clock.now, taken.* from clock left join taken on true order by taken.free_at, taken.due_at`,
        [wanted.map(cell), limit, leaseMs, except.map(cell)],
      );
      const deliveries = rows.filter(isFound).map((row) => ({
        delivery: deliveryOf(row),
        token: numberOf(row.token),
        isReclaimed: numberOf(row.is_reclaimed) === 1,
      }));
      return { now: nowOf(rows), deliveries };
    },

    ...heldRows(run, s, clock),

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
        t as (select count(*) filter (where ready_at <= now) as due, min(due_at) as oldest from ${s}.timers, clock
          where tenant = any($1::text[]) and due_at <= now),
        d as (select count(*) filter (where ready_at <= now) as due, min(due_at) filter (where due_at <= now and purpose <> 'announcement') as oldest,
            count(*) filter (where state = 'leased' and leased_until > now) as leased
          from ${s}.deliveries, clock where tenant = any($1::text[]) and ready_at is not null),
        x as (select count(*) as dead from ${s}.deliveries where tenant = any($1::text[]) and state = 'dead'
          and purpose not in ('update', 'follow'))
        select clock.now, least(t.oldest, d.oldest) as oldest, t.due as timers, d.due as deliveries, d.leased, x.dead,
          (select case when is_called then last_value else 0 end from ${s}.missed_wake_ups) as missed
        from clock, t, d, x`,
        [wanted.map(cell)],
      );
      return figuresOf(row ?? {});
    },
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
