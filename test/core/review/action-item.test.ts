/**
 * Action items as data: how one changes, whose business it is, and when somebody is reminded of it.
 */
import { describe, expect, test } from 'vitest';
import { textsFor } from '../../../src/core/paging/message-texts.ts';
import { overdueContent } from '../../../src/core/paging/overdue-notice.ts';
import {
  type ActionItemWishes,
  changedItem,
  closedItem,
  isOverdue,
  remindedOf,
  withReminder,
} from '../../../src/core/review/action-item.ts';
import { actionPriorities } from '../../../src/core/review/action-priorities.ts';
import { reviewsConfigSchema, type StoredActionItem } from '../../../src/model/index.ts';

const ANA = { kind: 'user', id: 'ana' } as const;
const item: StoredActionItem = {
  format: 1,
  id: 'i1:a1',
  incidentId: 'i1',
  service: 'checkout',
  visibility: 'public',
  title: 'Double the pool',
  owner: 'ben',
  dueAt: 1_000,
  status: 'open',
  createdAt: 0,
  createdBy: ANA,
  reminded: 3,
  remindAt: 5_000,
};
const done = closedItem(item, { status: 'done', by: ANA, at: 2_000 });
const dropped = closedItem(item, { status: 'dropped', reason: 'Gone.', by: ANA, at: 2_000 });

describe('a change', () => {
  test.each<[string, ActionItemWishes]>([
    ['nothing', {}],
    ['what is so', { title: 'Double the pool', owner: 'ben', dueAt: 1_000, status: 'open' }],
    ['that what is absent goes', { body: null, priority: null }],
    ['nothing that is said to be', { title: undefined, owner: undefined, dueAt: undefined }],
  ])('that wishes %s leaves the very same', (_, wishes) => {
    expect(changedItem(item, wishes, 9_000)).toBe(item);
  });

  test('of words leaves the reminder where it is', () => {
    const wishes = { title: 'Triple it', body: 'Soon.', priority: 'high', status: 'inProgress' } as const;
    expect(changedItem(item, wishes, 9_000)).toEqual({ ...item, ...wishes });
  });

  test.each<[string, ActionItemWishes, Partial<StoredActionItem>]>([
    ['an owner reminds them at once of what is late', { owner: 'cyd' }, { owner: 'cyd', remindAt: 9_000 }],
    ['a due date reminds then', { dueAt: 20_000 }, { dueAt: 20_000, remindAt: 20_000 }],
  ])('of %s', (_, wishes, after) => {
    expect(changedItem(item, wishes, 9_000)).toEqual({ ...item, ...after, reminded: 0 });
  });

  test('that takes the due date away reminds nobody', () => {
    const { dueAt: _, remindAt: _r, ...rest } = item;
    expect(changedItem(item, { dueAt: null }, 9_000)).toEqual({ ...rest, reminded: 0 });
  });

  test('of what is done is a correction, and reminds nobody', () => {
    const { remindAt: _, ...corrected } = changedItem(done, { owner: 'cyd' }, 9_000);
    expect(corrected).toEqual({ ...done, owner: 'cyd', reminded: 0 });
    expect(changedItem(done, { owner: 'cyd' }, 9_000).remindAt).toBeUndefined();
  });

  test.each([done, dropped])('that opens it again is as if it had never ended', (ended) => {
    expect(changedItem(ended, { status: 'open' }, 9_000)).toEqual({ ...item, reminded: 0, remindAt: 9_000 });
  });
});

describe('an end', () => {
  const { remindAt: _, ...quiet } = item;

  test('takes the reminder away', () => {
    expect(done).toEqual({ ...quiet, status: 'done', closedAt: 2_000, closedBy: ANA });
    expect(dropped).toEqual({ ...quiet, status: 'dropped', reason: 'Gone.', closedAt: 2_000, closedBy: ANA });
  });

  test('that has come already is the very same', () => {
    const later = { by: { kind: 'user', id: 'ben' }, at: 3_000 } as const;
    expect(closedItem(done, { status: 'done', ...later })).toBe(done);
    expect(closedItem(dropped, { status: 'dropped', reason: 'Gone.', ...later })).toBe(dropped);
    expect(closedItem(dropped, { status: 'dropped', reason: 'Sold.', ...later }).reason).toBe('Sold.');
    expect(closedItem(dropped, { status: 'done', ...later })).toEqual({
      ...quiet,
      status: 'done',
      closedAt: 3_000,
      closedBy: later.by,
    });
  });
});

test('it is overdue from its due date on, unless it has ended or has none', () => {
  const { dueAt: _, ...undated } = item;
  expect([isOverdue(item, 999), isOverdue(item, 1_000)]).toEqual([false, true]);
  expect(isOverdue({ ...item, status: 'inProgress' }, 1_000)).toBe(true);
  expect([isOverdue(done, 9_000), isOverdue(dropped, 9_000), isOverdue(undated, 9_000)]).toEqual([false, false, false]);
});

test('whoever has it is reminded, else whoever added it, if that is a person', () => {
  const { owner: _, ...unowned } = item;
  expect(remindedOf(item)).toBe('ben');
  expect(remindedOf(unowned)).toBe('ana');
  expect(remindedOf({ ...unowned, createdBy: { kind: 'system' } })).toBeUndefined();
  expect(remindedOf({ ...unowned, createdBy: { kind: 'source', id: 'x' } })).toBeUndefined();
});

test('a reminder is never in the past', () => {
  expect(withReminder(item, 500)).toMatchObject({ remindAt: 1_000, reminded: 0 });
  expect(withReminder(item, 9_000)).toMatchObject({ remindAt: 9_000, reminded: 0 });
  expect(withReminder(done, 500)).not.toHaveProperty('remindAt');
});

test('priorities are those of the configuration, or the usual three', () => {
  const of = (actionItems: object) => actionPriorities({ reviews: reviewsConfigSchema.parse({ actionItems }) });
  expect(of({})).toEqual([{ id: 'high', dueWithin: '30d' }, { id: 'medium', dueWithin: '90d' }, { id: 'low' }]);
  expect(of({ priorities: [{ id: 'now' }] })).toEqual([{ id: 'now' }]);
});

describe('a notice', () => {
  const dueAt = Date.UTC(2026, 0, 6, 10);
  const notice = (more: Partial<StoredActionItem>, locale = 'en') =>
    overdueContent({ ...item, dueAt, ...more }, { local: textsFor(locale), timeZone: 'UTC' });

  test('names what is overdue and since when, with what there is to say and where', () => {
    const external = { tracker: 'board', id: '7', url: 'https://board.example/7' };
    expect(notice({ body: 'At least 40.', external })).toEqual({
      topic: 'overdue',
      subject: 'i1:a1',
      title: 'Overdue: Double the pool',
      body: 'Due since Jan 6, 2026, 10:00 AM\n\nAt least 40.',
      links: [{ href: 'https://board.example/7', text: 'board' }],
    });
  });

  test('of what nobody has says so, in the language of its reader', () => {
    const { owner: _, ...unowned } = item;
    const { title, body, links } = overdueContent(
      { ...unowned, dueAt, external: { tracker: 'board', id: '7' } },
      { local: textsFor('de'), timeZone: 'Europe/Berlin' },
    );
    expect(title).toBe('Überfällig, und niemand kümmert sich darum: Double the pool');
    expect([body, links]).toEqual(['Fällig seit 06.01.2026, 11:00', undefined]);
  });

  test('of what is not due says nothing but what it is', () => {
    const { dueAt: _, ...undated } = item;
    expect(overdueContent(undated, { local: textsFor('en'), timeZone: 'UTC' })).not.toHaveProperty('body');
  });
});
