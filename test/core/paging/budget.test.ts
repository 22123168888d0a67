import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BudgetLogs,
  budgetsOf,
  carriedOut,
  EMPTY_LOG,
  type NotifierBudgets,
  type Spending,
  spend,
} from '../../../src/core/paging/budget.ts';

const EMPTY: BudgetLogs = { contact: EMPTY_LOG, overall: EMPTY_LOG };
const ONE_A_MINUTE: NotifierBudgets = { perContact: [{ messages: 1, withinMs: 60_000 }], overall: [] };

/** Spends one after the other; answers each verdict. */
function spending(budgets: NotifierBudgets) {
  let logs = EMPTY;
  const next = (id: string, now: number, more: Partial<Spending> = {}) => {
    const after = spend(logs, { id, now, canWait: true, ...more }, budgets);
    logs = after.logs;
    return after.verdict;
  };
  return Object.assign(next, {
    /** The message of `leader` goes out, and lists `listed`. */
    out(leader: string, listed: readonly string[]) {
      logs = { ...logs, contact: carriedOut(logs.contact, leader, listed) };
    },
  });
}

describe('the budgets of a notifier', () => {
  test('are those of its kind, and what the configuration says of it replaces them whole', () => {
    expect(budgetsOf('twilio', 'sms', []).perContact).toEqual([
      { messages: 1, withinMs: 60_000 },
      { messages: 5, withinMs: 900_000 },
      { messages: 11, withinMs: 3_600_000 },
      { messages: 21, withinMs: 10_800_000 },
    ]);
    expect(budgetsOf('calls', 'voice', []).perContact.map(({ messages }) => messages)).toEqual([1, 3, 7, 15]);
    expect(budgetsOf('hook', 'webhook', [])).toEqual({ perContact: [], overall: [] });
    expect(budgetsOf('own', undefined, [])).toEqual({ perContact: [], overall: [] });
    const limits = [{ notifier: 'twilio', perContact: [{ messages: 2, within: '10s' }], overall: [] }];
    expect(budgetsOf('twilio', 'sms', limits)).toEqual({
      perContact: [{ messages: 2, withinMs: 10_000 }],
      overall: [],
    });
  });
});

describe('beyond its budget', () => {
  test('a message waits until one is free, and then carries all that wait', () => {
    const next = spending(ONE_A_MINUTE);
    expect(next('a', 0)).toEqual({ type: 'go', carries: [] });
    expect(next('b', 10_000)).toEqual({ type: 'wait', ms: 50_000 });
    expect(next('c', 20_000)).toEqual({ type: 'wait', ms: 40_000 });
    expect(next('c', 60_000)).toEqual({ type: 'go', carries: ['b'] });
    expect(next('b', 60_001, { leader: 'waiting' })).toEqual({ type: 'wait', ms: 2_000 });
    next.out('c', ['b']);
    expect(next('b', 62_001, { leader: 'waiting' })).toEqual({ type: 'gone', with: 'c' });
  });

  test('a message that another one was to carry, and did not list, goes out by itself', () => {
    const next = spending(ONE_A_MINUTE);
    next('a', 0);
    next('b', 1_000);
    expect(next('c', 60_000)).toEqual({ type: 'go', carries: ['b'] });
    next.out('c', []);
    expect(next('b', 130_000)).toEqual({ type: 'go', carries: [] });
  });

  test('a message that may not wait goes out, counts, and carries none', () => {
    const next = spending(ONE_A_MINUTE);
    next('a', 0);
    next('b', 1_000);
    expect(next('c', 2_000, { canWait: false })).toEqual({ type: 'go', carries: [] });
    expect(next('b', 60_000)).toEqual({ type: 'wait', ms: 2_000 });
    expect(next('b', 62_000)).toEqual({ type: 'go', carries: [] });
  });

  test('what is tried again spends nothing and carries the same', () => {
    const next = spending(ONE_A_MINUTE);
    next('a', 0);
    next('b', 1);
    next('c', 2);
    expect(next('b', 60_000)).toEqual({ type: 'go', carries: ['c'] });
    expect(next('b', 61_000)).toEqual({ type: 'go', carries: ['c'] });
    expect(next('d', 119_999)).toEqual({ type: 'wait', ms: 1 });
  });

  test('a message that carries others carries them however late it is tried again', () => {
    const next = spending(ONE_A_MINUTE);
    next('a', 0);
    next('b', 1_000);
    expect(next('c', 60_000)).toEqual({ type: 'go', carries: ['b'] });
    expect(next('c', 600_000)).toEqual({ type: 'go', carries: ['b'] });
    expect(next('d', 600_001)).toEqual({ type: 'go', carries: [] });
    expect(next('c', 600_002)).toEqual({ type: 'go', carries: ['b'] });
  });

  test('a message that may wait no longer waits for no other one that was to carry it', () => {
    const next = spending(ONE_A_MINUTE);
    next('a', 0);
    next('b', 1_000);
    expect(next('c', 60_000)).toEqual({ type: 'go', carries: ['b'] });
    expect(next('b', 61_000, { leader: 'waiting' })).toEqual({ type: 'wait', ms: 2_000 });
    expect(next('b', 63_000, { leader: 'waiting', canWait: false })).toEqual({ type: 'go', carries: [] });
  });

  test('what was to go out with a message that never did goes out by itself', () => {
    const next = spending(ONE_A_MINUTE);
    next('a', 0);
    next('b', 1);
    next('c', 2);
    next('b', 60_000);
    expect(next('c', 61_000, { leader: 'ended' })).toEqual({ type: 'wait', ms: 59_000 });
    expect(next('c', 120_000)).toEqual({ type: 'go', carries: [] });
  });

  test('all addresses of a notifier together have a budget of their own', () => {
    const budgets = { perContact: [], overall: [{ messages: 2, withinMs: 5_000 }] };
    const next = spending(budgets);
    expect([next('a', 0), next('b', 1), next('c', 2)].map(({ type }) => type)).toEqual(['go', 'go', 'wait']);
    expect(next('c', 5_000).type).toBe('go');
  });
});

test('no budget is ever exceeded by what can wait, nothing is lost, and nothing goes out twice', () => {
  const budgets: NotifierBudgets = {
    perContact: [
      { messages: 1, withinMs: 60_000 },
      { messages: 3, withinMs: 600_000 },
    ],
    overall: [{ messages: 2, withinMs: 90_000 }],
  };
  const arrivals = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(arrivals, (gaps) => {
      let now = 0;
      const due = gaps.map((gap, n) => {
        now += gap;
        return { id: `d${n}`, at: now };
      });
      const sentAt: number[] = [];
      const out = new Map<string, number>();
      let logs = EMPTY;
      const queue = [...due];
      for (let steps = 0; queue.length > 0; steps++) {
        expect(steps).toBeLessThan(5_000);
        queue.sort((a, b) => a.at - b.at);
        const { id, at } = queue.shift()!;
        const after = spend(logs, { id, now: at, canWait: true }, budgets);
        logs = after.logs;
        const { verdict } = after;
        if (verdict.type === 'wait') {
          expect(verdict.ms).toBeGreaterThan(0);
          queue.push({ id, at: at + verdict.ms });
        } else {
          expect(out.has(id)).toBe(false);
          out.set(id, at);
          if (verdict.type === 'go') {
            sentAt.push(at);
            logs = { ...logs, contact: carriedOut(logs.contact, id, verdict.carries) };
          }
        }
      }
      expect(out.size).toBe(due.length);
      for (const { messages, withinMs } of [...budgets.perContact, ...budgets.overall])
        for (const [n, at] of sentAt.entries()) {
          const before = sentAt[n - messages];
          if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(withinMs);
        }
    }),
  );
});
