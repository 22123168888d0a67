import { expect, test } from 'vitest';
import { actionItemNumbers } from '../../../src/core/review/action-item-numbers.ts';
import type { StoredActionItem } from '../../../src/model/action-item.ts';
import { at } from './stories.ts';

const item = (more: Partial<StoredActionItem>): StoredActionItem => ({
  format: 1,
  id: 'a1',
  incidentId: 'i1',
  service: 'checkout',
  visibility: 'public',
  title: 'Add an index',
  owner: 'ana',
  status: 'open',
  createdAt: at('08:00:00'),
  createdBy: { kind: 'user', id: 'ana' },
  reminded: 0,
  ...more,
});
const dueAt = at('10:00:00');
const now = at('12:00:00');

test('what was decided is done in time, late, dropped, or still to be done', () => {
  const { owner: _, ...unowned } = item({ status: 'inProgress' });
  expect(
    actionItemNumbers(
      [
        item({ status: 'done', dueAt, closedAt: at('10:00:00') }),
        item({ status: 'done', dueAt, closedAt: at('10:00:01') }),
        item({ status: 'done', closedAt: at('11:00:00') }),
        item({ status: 'dropped', dueAt, closedAt: at('11:00:00') }),
        item({ dueAt }),
        item({ dueAt: now + 1 }),
        unowned,
      ],
      { now },
    ),
  ).toEqual({
    created: 7,
    closedInTime: 1,
    closedLate: 1,
    closedWithoutDue: 1,
    dropped: 1,
    open: 3,
    overdue: 1,
    ownedByNobody: 1,
    inTimeShare: 1 / 3,
  });
});

test('nobody is missing where it is done already', () => {
  const { owner: _, ...done } = item({ status: 'done', closedAt: now });
  expect(actionItemNumbers([done], { now }).ownedByNobody).toBe(0);
});

test('without a due date that has passed there is no share in time', () => {
  expect(actionItemNumbers([item({ dueAt: at('20:00:00') })], { now })).not.toHaveProperty('inTimeShare');
  expect(actionItemNumbers([], { now })).not.toHaveProperty('inTimeShare');
});
