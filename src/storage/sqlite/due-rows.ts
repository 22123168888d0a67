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
  readonly condition: string;
  readonly values: readonly Value[];
  readonly now: number;
};

/** The condition of a delivery that still wants to go out; its index has the same words. */
export const IS_LIVE = "state IN ('pending', 'leased')";

/** At most `limit` rows that are due and in nobody's hands, what became free first at the front. */
export function dueInOrder(connection: Connection, query: ClaimQuery, wanted: DueRows): readonly Row[] {
  const { table, condition, values, now } = wanted;
  const limit = wholeLimit(query.limit);
  const due = (lease: string, order: string) =>
    `SELECT * FROM (SELECT *, max(due_at, leased_until) AS free_at FROM ${table}
      WHERE tenant = ? AND ${lease} AND due_at <= ? AND ${condition} ORDER BY ${order} LIMIT ?)`;
  const free = due('leased_until = 0', 'due_at');
  const lapsed = due('leased_until > 0 AND leased_until <= ?', 'leased_until, due_at');
  const sql = `${free} UNION ALL ${lapsed} ORDER BY free_at, due_at LIMIT ?`;
  const rows = [...new Set(query.tenants)].map(toColumn).flatMap((tenant) => {
    return connection.all(sql, tenant, now, ...values, limit, tenant, now, now, ...values, limit, limit);
  });
  return rows
    .sort((a, b) => numberOf(a, 'free_at') - numberOf(b, 'free_at') || numberOf(a, 'due_at') - numberOf(b, 'due_at'))
    .slice(0, limit);
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
  const count = (what: string, values: readonly Value[]): Row =>
    connection.get(`SELECT count(*) AS count, min(due_at) AS oldest FROM ${what}`, ...values) ?? {};
  const isDue = 'leased_until <= ? AND due_at <= ?';
  const timers = count(`tocsin_timers WHERE ${mine} AND ${isDue}`, [ours, now, now]);
  const deliveries = count(`tocsin_deliveries WHERE ${mine} AND ${IS_LIVE} AND ${isDue}`, [ours, now, now]);
  // Also what is in somebody's hands: a row that fails again and again is late all the same.
  const late = [
    count(`tocsin_timers WHERE ${mine} AND due_at <= ?`, [ours, now]),
    count(`tocsin_deliveries WHERE ${mine} AND ${IS_LIVE} AND due_at <= ?`, [ours, now]),
  ];
  const leased = count(`tocsin_deliveries WHERE ${mine} AND ${IS_LIVE} AND leased_until > ?`, [ours, now]);
  const dead = count(`tocsin_deliveries WHERE ${mine} AND state = 'dead'`, [ours]);
  const oldest = late.flatMap((row) => optionalNumberOf(row, 'oldest') ?? []);
  return {
    now,
    oldestDueAt: oldest.length === 0 ? undefined : Math.min(...oldest),
    dueTimers: numberOf(timers, 'count'),
    dueDeliveries: numberOf(deliveries, 'count'),
    leasedDeliveries: numberOf(leased, 'count'),
    deadDeliveries: numberOf(dead, 'count'),
    missedWakeUps: 0,
  };
}
