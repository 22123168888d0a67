/**
 * Reviews: what a configuration says of templates, categories and priorities that could not be obeyed.
 */
import type { Config } from '../../model/config.ts';
import { isTimeZone } from '../on-call/zone.ts';
import { gateHolidayProblems } from './holidays.ts';
import { type ConfigProblem, duplicates } from './problem.ts';
import { gateConditionProblems } from './rules.ts';

/** Everything in `reviews` of `config` that is there twice, or could not be obeyed. */
export function reviewProblems({ reviews, holidays }: Pick<Config, 'reviews' | 'holidays'>): ConfigProblem[] {
  const { templates, categories, timeZone, actionItems } = reviews;
  const calendars = new Set(holidays.map(({ id }) => id));
  return [
    ...duplicates('reviews.templates', templates),
    ...templates.flatMap(({ when, sections }, index) => [
      ...gateConditionProblems(`reviews.templates[${index}].when`, when),
      ...gateHolidayProblems(`reviews.templates[${index}].when`, when, calendars),
      ...duplicates(`reviews.templates[${index}].sections`, sections),
    ]),
    ...duplicates('reviews.categories', categories),
    ...duplicates('reviews.actionItems.priorities', actionItems.priorities),
    ...(isTimeZone(timeZone)
      ? []
      : [
          {
            path: 'reviews.timeZone',
            message: `${JSON.stringify(timeZone)} is no IANA time zone`,
            hint: 'Write one such as America/New_York.',
          },
        ]),
  ];
}
