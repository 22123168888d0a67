/**
 * Timer rows: arming, cancelling, handing out.
 *
 * A row whose lease is 0 is in nobody's hands, so that one index serves both what is due and whose lease has ended.
 */
import type { ClaimQuery, StoredTimer, TimerChange } from '../../ports/storage.ts';
import { type Connection, numberOf, type Row, type Step, textOf } from './connection.ts';
import { dueInOrder } from './due-rows.ts';
import { toColumn } from './key-text.ts';

const KEY = 'tenant = ? AND owner_kind = ? AND owner_id = ? AND kind = ?';
const ARM = `INSERT INTO tocsin_timers (tenant, owner_kind, owner_id, kind, armed_seq, due_at, leased_until)
  VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (tenant, owner_kind, owner_id, kind)
  DO UPDATE SET armed_seq = excluded.armed_seq, due_at = excluded.due_at, leased_until = 0`;
const CANCEL = `DELETE FROM tocsin_timers WHERE ${KEY}`;
const DROP = `DELETE FROM tocsin_timers WHERE ${KEY} AND armed_seq = ? AND due_at = ?`;
const LEASE = `UPDATE tocsin_timers SET leased_until = ? WHERE ${KEY}`;

/** Arms or cancels a timer; neither can conflict. */
export function timerStep(tenant: string, change: TimerChange): Step {
  const key = keyOf({ ...change, tenant });
  const sql = change.type === 'arm' ? ARM : CANCEL;
  const values = change.type === 'arm' ? [...key, change.armedSeq, change.dueAt] : key;
  return (connection) => {
    connection.run(sql, ...values);
    return true;
  };
}

/** Hands out the timers that are due. */
export function claimTimers(connection: Connection, query: ClaimQuery, now: number): readonly StoredTimer[] {
  const due = { table: 'tocsin_timers', place: 'owner_kind', condition: 'TRUE', values: [], now } as const;
  const timers = dueInOrder(connection, query, due);
  return timers.map((row) => {
    const timer = timerOf(row);
    connection.run(LEASE, now + query.leaseMs, ...keyOf(timer));
    return timer;
  });
}

/** Removes the row of exactly this timer. */
export function dropTimer(connection: Connection, timer: StoredTimer): void {
  connection.run(DROP, ...keyOf(timer), timer.armedSeq, timer.dueAt);
}

type TimerKey = Pick<StoredTimer, 'tenant' | 'ownerKind' | 'ownerId' | 'kind'>;

const keyOf = ({ tenant, ownerKind, ownerId, kind }: TimerKey): readonly string[] =>
  [tenant, ownerKind, ownerId, kind].map(toColumn);

function timerOf(row: Row): StoredTimer {
  return {
    tenant: textOf(row, 'tenant'),
    ownerKind: textOf(row, 'owner_kind'),
    ownerId: textOf(row, 'owner_id'),
    kind: textOf(row, 'kind'),
    armedSeq: numberOf(row, 'armed_seq'),
    dueAt: numberOf(row, 'due_at'),
  };
}
