/**
 * What the memory storage knows of due rows without looking at all of them, beside what looking at all of them says.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJournal, createTable } from '../../src/storage/memory/table.ts';

type Row = {
  readonly owner: string;
  readonly queue: string;
  readonly at: number;
  readonly after: number;
  readonly isDone: boolean;
};

const owner = fc.constantFrom('a', 'b');
const queue = fc.constantFrom('sms', 'voice', 'mail');
const step = fc.oneof(
  fc.record({
    type: fc.constant('write' as const),
    key: fc.integer({ min: 0, max: 15 }).map(String),
    row: fc.record({
      owner,
      queue,
      at: fc.integer({ min: 0, max: 20 }),
      after: fc.integer({ min: 0, max: 3 }),
      isDone: fc.boolean(),
    }),
    isKept: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('delete' as const),
    key: fc.integer({ min: 0, max: 15 }).map(String),
    isKept: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('look' as const),
    owner,
    except: fc.uniqueArray(queue, { maxLength: 2 }),
    now: fc.integer({ min: 0, max: 22 }),
    limit: fc.integer({ min: 1, max: 6 }),
  }),
);

test('the first due rows of each queue are those that come first of all rows, whatever was written, removed and taken back', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const journal = createJournal();
      const table = createTable<Row>(
        journal,
        ({ owner: name }) => [name],
        (row) => (row.isDone ? undefined : row),
      );
      const model = new Map<string, Row>();
      for (const each of steps) {
        if (each.type === 'look') {
          const all = [...model.values()].filter((row) => row.owner === each.owner && !row.isDone);
          const found = table.due(each);
          for (const name of ['sms', 'voice', 'mail']) {
            const due = all
              .filter((row) => row.queue === name && row.at <= each.now && !each.except.includes(name as never))
              .map(({ at, after }) => [at, after])
              .toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d)
              .slice(0, each.limit);
            const said = found.filter((row) => row.queue === name).map(({ at, after }) => [at, after]);
            expect(said).toEqual(due);
          }
          const next = all.length === 0 ? undefined : Math.min(...all.map(({ at }) => at));
          expect(table.nextDue(each.owner)).toBe(next);
          continue;
        }
        journal.attempt(() => {
          if (each.type === 'delete') table.delete(each.key);
          else table.set(each.key, each.row);
          return each.isKept;
        });
        if (!each.isKept) continue;
        if (each.type === 'delete') model.delete(each.key);
        else model.set(each.key, each.row);
      }
    }),
    { numRuns: 500 },
  );
});

test('rows that are written again and again are not remembered as often', () => {
  const table = createTable<Row>(
    createJournal(),
    () => [],
    (row) => row,
  );
  const row = { owner: 'a', queue: 'sms', after: 0, isDone: false };
  for (let n = 0; n < 200_000; n++) table.set('k', { ...row, at: n });
  expect(table.due({ owner: 'a', now: Number.MAX_SAFE_INTEGER, limit: 5 })).toEqual([{ ...row, at: 199_999 }]);
});
