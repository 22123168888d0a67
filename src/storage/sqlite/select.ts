/**
 * Select: a query whose conditions depend on what was asked.
 *
 * Values are always bound; the texts it joins are constants of this folder, never anything from outside.
 */
import type { Connection, Row, Value } from './connection.ts';

/** Conditions with their values; `false` leaves one out. */
export type Where = readonly (false | readonly [sql: string, ...values: Value[]])[];

/** What is asked. */
export type Select = {
  readonly from: string;
  readonly where: Where;
  readonly order: string;
  readonly limit: number;
};

/** The rows that meet every condition. */
export function select(connection: Connection, { from, where, order, limit }: Select): readonly Row[] {
  const conditions = where.filter((condition) => condition !== false);
  const sql = `SELECT * FROM ${from} WHERE ${conditions.map(([text]) => text).join(' AND ')} ORDER BY ${order} LIMIT ?`;
  return connection.all(sql, ...conditions.flatMap(([, ...values]) => values), wholeLimit(limit));
}

/** A limit as SQLite takes it: whole, and never beyond what a number can say exactly. */
export function wholeLimit(limit: number): number {
  return Math.min(Math.max(0, Math.floor(limit)), Number.MAX_SAFE_INTEGER);
}
