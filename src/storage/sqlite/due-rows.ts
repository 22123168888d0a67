/**
 * Due rows: which timers and deliveries are due and free, in the order in which they fell due.
 *
 * It goes from tenant to tenant, so that the index of each is read no further than `limit`. It only looks; who takes a
 * row writes the lease.
 */
import type { ClaimQuery, Figures } from '../../ports/storage.ts';
import { type Connection, numberOf, optionalNumberOf, type Row, type Value } from './connection.ts';
import { toColumn } from './key-text.ts';
import { wholeLimit } from './select.ts';

/** Which rows: of one table, under one condition, at one moment. */
export type DueRows = {
  readonly table: 'tocsin_timers' | 'tocsin_deliveries';
  /** What orders those that were due and became free at the same moment: the order in which they came, where there is one. */
  readonly place: 'rowid' | 'owner_kind';
  readonly condition: string;
  readonly values: readonly Value[];
  readonly now: number;
};

/** The condition of a delivery that still wants to go out; its index has the same words. */
export const IS_LIVE = "state IN ('pending', 'leased')";

/** At most `limit` rows that are due and in nobody's hands, what became free first at the front. */
export function dueInOrder(connection: Connection, query: ClaimQuery, wanted: DueRows): readonly Row[] {
  const { table, place, condition, values, now } = wanted;
  const limit = wholeLimit(query.limit);
  const due = (lease: string, order: string) =>
    `SELECT * FROM (SELECT *, ${place} AS place, max(due_at, leased_until) AS free_at FROM ${table}
      WHERE tenant = ? AND ${lease} AND due_at <= ? AND ${condition} ORDER BY ${order}, place LIMIT ?)`;
  const free = due('leased_until = 0', 'due_at');
  const lapsed = due('leased_until > 0 AND leased_until <= ?', 'leased_until, due_at');
  const sql = `${free} UNION ALL ${lapsed} ORDER BY free_at, due_at, place LIMIT ?`;
  const rows = [...new Set(query.tenants)].map(toColumn).flatMap((tenant) => {
    return connection.all(sql, tenant, now, ...values, limit, tenant, now, now, ...values, limit, limit);
  });
  // One tenant's rows are in order already, and stay so among equals.
  const byMoment = (column: string) => (a: Row, b: Row) => numberOf(a, column) - numberOf(b, column);
  return rows.sort((a, b) => byMoment('free_at')(a, b) || byMoment('due_at')(a, b)).slice(0, limit);
}

/** When the next row of these tenants is due, or its lease ends. */
export function nextDue(connection: Connection, tenants: readonly string[]): number | undefined {
  const free = (table: string, condition: string) =>
    `SELECT min(due_at) FROM ${table} WHERE tenant = ? AND leased_until = 0 AND ${condition}`;
  const leased = (table: string, condition: string) =>
    `SELECT min(max(due_at, leased_until)) FROM ${table} WHERE tenant = ? AND leased_until > 0 AND ${condition}`;
  const sql = `SELECT (${free('tocsin_timers', 'TRUE')}) AS timer, (${leased('tocsin_timers', 'TRUE')}) AS leased_timer,
    (${free('tocsin_deliveries', IS_LIVE)}) AS delivery, (${leased('tocsin_deliveries', IS_LIVE)}) AS leased_delivery`;
  const moments = [...new Set(tenants)].map(toColumn).flatMap((tenant) => {
    const row = connection.get(sql, tenant, tenant, tenant, tenant) ?? {};
    return Object.keys(row).flatMap((column) => optionalNumberOf(row, column) ?? []);
  });
  return moments.length === 0 ? undefined : moments.reduce((first, next) => Math.min(first, next));
}

/** What is left to do for these tenants. */
export function figures(connection: Connection, tenants: readonly string[], now: number): Figures {
  const ours = JSON.stringify(tenants.map(toColumn));
  const mine = 'tenant IN (SELECT value FROM json_each(?))';
  // What is late is so in somebody's hands, too: a row that fails again and again is late all the same.
  const due = (what: string, isWaitedFor = 'TRUE'): Row =>
    connection.get(
      `SELECT count(*) FILTER (WHERE leased_until <= ?) AS count, min(due_at) FILTER (WHERE ${isWaitedFor}) AS oldest
        FROM ${what} ${mine} AND due_at <= ?`,
      now,
      ours,
      now,
    ) ?? {};
  const count = (what: string, ...values: readonly Value[]): number =>
    numberOf(connection.get(`SELECT count(*) AS count FROM ${what}`, ...values) ?? {}, 'count');
  const timers = due('tocsin_timers WHERE');
  const deliveries = due(`tocsin_deliveries WHERE ${IS_LIVE} AND`, "purpose <> 'announcement'");
  const oldest = [timers, deliveries].flatMap((row) => optionalNumberOf(row, 'oldest') ?? []);
  return {
    now,
    oldestDueAt: oldest.length === 0 ? undefined : Math.min(...oldest),
    dueTimers: numberOf(timers, 'count'),
    dueDeliveries: numberOf(deliveries, 'count'),
    leasedDeliveries: count(`tocsin_deliveries WHERE ${IS_LIVE} AND ${mine} AND leased_until > ?`, ours, now),
    deadDeliveries: count(
      `tocsin_deliveries WHERE state = 'dead' AND purpose NOT IN ('update', 'follow') AND ${mine}`,
      ours,
    ),
    missedWakeUps: 0,
  };
}
