/**
 * Due rows: lending, extending and settling, by the clock of the database.
 *
 * Whoever is lent a row is the only one: rows that somebody else is taking at this moment are passed over, never waited for.
 */
import type { Figures, Storage } from '../../ports/storage.ts';
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

    async extendDelivery(tenant, id, token, leaseMs) {
      const rows = await run(
        `with ${clock} update ${s}.deliveries d
        set leased_until = clock.now + $4::double precision, ready_at = clock.now + $4::double precision
        from clock where d.tenant = $1 and d.id = $2 and d.token = $3 and d.state = 'leased' returning 1`,
        [cell(tenant), cell(id), token, leaseMs],
      );
      return rows.length > 0;
    },

    async settleDelivery(tenant, id, token, outcome) {
      const { state } = outcome;
      const values = [
        cell(tenant),
        cell(id),
        token,
        state,
        state === 'sent' ? null : cell(outcome.error),
        state === 'sent' && outcome.externalId !== undefined ? cell(outcome.externalId) : null,
        state === 'retry' ? outcome.afterMs : null,
      ];
      // What was taken back stays so, unless it has gone out all the same.
      const rows = await run(
        `with ${clock}, d as (
          update ${s}.deliveries d set leased_until = 0, error = $5,
            external_id = coalesce($6, d.external_id),
            sent_at = case when $4 = 'sent' then clock.now else d.sent_at end,
            state = case when $4 = 'sent' then 'sent' when d.state = 'withdrawn' then d.state
              when $4 = 'dead' then 'dead' else 'pending' end,
            due_at = case when $4 = 'retry' and d.state <> 'withdrawn' then clock.now + $7::double precision
              else d.due_at end,
            ready_at = case when $4 = 'retry' and d.state <> 'withdrawn' then clock.now + $7::double precision end
          from clock where d.tenant = $1 and d.id = $2 and d.token = $3 and d.leased_until <> 0
          returning d.*
        )
        select ${DELIVERY_CELLS}, case when d.state = 'pending' then ${wake('d.id')}::text end from d`,
        values,
      );
      return rows[0] === undefined ? undefined : deliveryOf(rows[0]);
    },

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
