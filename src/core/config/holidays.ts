/**
 * Holidays of a configuration: their calendars, and everybody and everything that names one.
 *
 * A calendar that is not there would page people on their holidays, or leave them in peace on a working day.
 */
import type { Condition } from '../../model/condition.ts';
import type { Config } from '../../model/config.ts';
import { windowsOf } from '../rules/bind-windows.ts';
import { dayOfDate } from '../rules/holidays.ts';
import { type ConfigProblem, duplicates, missing } from './problem.ts';

/** What a gate calls the holidays of whoever would be asked; no calendar can have that name. */
const RESPONDER = 'responder';

/** Everything about holidays in `config` that could not be obeyed. */
export function holidayProblems({ holidays, users, escalationPolicies }: Config): ConfigProblem[] {
  const known = new Set(holidays.map(({ id }) => id));
  return [
    ...duplicates('holidays', holidays),
    ...holidays.flatMap(({ id, dates }, index) => [
      ...nameProblems(`holidays[${index}].id`, id),
      ...dates.flatMap((date, place) => dateProblems(`holidays[${index}].dates[${place}]`, date)),
    ]),
    ...users.flatMap((user, index) => missing(`users[${index}].holidays`, 'calendar', user.holidays, known)),
    ...escalationPolicies.flatMap(({ steps }, policy) =>
      steps.flatMap(({ when, escalateAt }, step) => {
        const path = `escalationPolicies[${policy}].steps[${step}]`;
        return [
          ...gateHolidayProblems(`${path}.when`, when, known),
          ...missing(`${path}.escalateAt.holidays.calendar`, 'calendar', escalateAt?.holidays?.calendar, known),
        ];
      }),
    ),
  ];
}

/** A gate that names a calendar which is not among `known`. */
export function gateHolidayProblems(
  path: string,
  when: Condition | undefined,
  known: ReadonlySet<string>,
): ConfigProblem[] {
  return (when === undefined ? [] : windowsOf(when, path)).flatMap(({ path: place, window }) => {
    const holidays = 'rrule' in window ? undefined : window.holidays;
    if (holidays === undefined || !('calendar' in holidays) || holidays.calendar === RESPONDER) return [];
    return missing(`${place}.holidays.calendar`, 'calendar', holidays.calendar, known);
  });
}

function nameProblems(path: string, id: string): ConfigProblem[] {
  if (id !== RESPONDER) return [];
  return [
    { path, message: `${RESPONDER} means the calendar of whoever would be asked`, hint: 'Call it something else.' },
  ];
}

function dateProblems(path: string, date: string): ConfigProblem[] {
  if (dayOfDate(date) !== undefined) return [];
  return [{ path, message: `${date} is no date of the calendar`, hint: 'Write one such as 2026-12-25.' }];
}
