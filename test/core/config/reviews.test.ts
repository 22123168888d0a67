/**
 * What a configuration says of reviews is refused when it is there twice, or could not be obeyed.
 */
import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { actionPriorities } from '../../../src/core/review/action-priorities.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import { problemsOf, smallest } from './smallest.ts';

const sections = [{ id: 'summary' }];
const pathsOf = (reviews: ConfigInput['reviews']) => problemsOf({ reviews }).map(({ path }) => path);

test('what is called the same twice', () => {
  expect(
    pathsOf({
      templates: [
        { id: 'big', sections: [{ id: 'summary' }, { id: 'summary' }] },
        { id: 'big', sections },
      ],
      categories: [{ id: 'process' }, { id: 'process' }],
      actionItems: { priorities: [{ id: 'high' }, { id: 'high' }] },
    }),
  ).toEqual([
    'reviews.templates[1].id',
    'reviews.templates[0].sections[1].id',
    'reviews.categories[1].id',
    'reviews.actionItems.priorities[1].id',
  ]);
});

test('a condition that cannot be read, or names a calendar that is not there', () => {
  const during = { timeZone: 'UTC', holidays: { calendar: 'moon', are: 'excluded' } } as const;
  expect(
    pathsOf({
      templates: [
        { id: 'a', when: 'severity=~"("', sections },
        { id: 'b', when: { field: 'at', op: 'during', value: during }, sections },
      ],
    }),
  ).toEqual(['reviews.templates[0].when', 'reviews.templates[1].when.value.holidays.calendar']);
});

test('a time zone that nobody knows', () => {
  expect(problemsOf({ reviews: { timeZone: 'Mars/Olympus' } })).toEqual([
    {
      path: 'reviews.timeZone',
      message: '"Mars/Olympus" is no IANA time zone',
      hint: 'Write one such as America/New_York.',
    },
  ]);
});

test('nothing is wrong with reviews that can be obeyed', () => {
  expect(
    pathsOf({
      templates: [{ id: 'big', when: 'severity="SEV1"', sections }],
      categories: [{ id: 'process' }],
      timeZone: 'Europe/Berlin',
    }),
  ).toEqual([]);
});

test('action items have the priorities of the configuration, or high, medium and low', () => {
  const prioritiesOf = (reviews: ConfigInput['reviews']) => actionPriorities(checkConfig({ ...smallest(), reviews }));
  expect(prioritiesOf({})).toEqual([
    { id: 'high', dueWithin: '30d' },
    { id: 'medium', dueWithin: '90d' },
    { id: 'low' },
  ]);
  expect(prioritiesOf({ actionItems: { priorities: [{ id: 'now', dueWithin: '1d' }] } })).toEqual([
    { id: 'now', dueWithin: '1d' },
  ]);
});
