/**
 * Rules of a configuration: every condition must compile, every field must be readable, every severity must be a level.
 *
 * Each is looked at by itself, so that one bad rule never hides the next.
 */
import type { Condition } from '../../model/condition.ts';
import type { Config } from '../../model/config.ts';
import { isTimeZone } from '../on-call/zone.ts';
import { boundGate, NOWHERE } from '../paging/gate.ts';
import { windowsOf } from '../rules/bind-windows.ts';
import { compileCondition } from '../rules/condition.ts';
import { compileDuring } from '../rules/during.ts';
import { compileField } from '../rules/field.ts';
import { builtInTable, TABLE_NAMES } from '../rules/severity-tables.ts';
import { missingHours } from '../rules/severity-urgency.ts';
import { attempt, type ConfigProblem, duplicates, missing } from './problem.ts';

/** Everything in the severities, routes, gates and waits of `config` that could not be obeyed. */
export function ruleProblems(config: Config): ConfigProblem[] {
  return [
    ...severityProblems(config),
    ...supportHoursProblems(config),
    ...routeProblems(config),
    ...gateProblems(config),
    ...config.chatRooms.flatMap(({ when }, index) => gateConditionProblems(`chatRooms[${index}].when`, when)),
  ];
}

function severityProblems({ severity }: Config): ConfigProblem[] {
  const { levels, rules, matrix = [], tables = [] } = severity;
  const known = new Set(levels.map(({ id }) => id));
  const level = (path: string, id: string | undefined) => missing(path, 'severity level', id, known);
  return [
    ...duplicates('severity.levels', levels),
    ...duplicates('severity.rules', rules),
    ...level('severity.default', severity.default),
    ...rules.flatMap((rule, index) => [
      ...conditionProblems(`severity.rules[${index}].when`, rule.when),
      ...level(`severity.rules[${index}].severity`, rule.severity),
    ]),
    ...matrix.flatMap((cell, index) => level(`severity.matrix[${index}].severity`, cell.severity)),
    ...tables.flatMap(({ when, from, table }, index) => {
      const path = `severity.tables[${index}]`;
      return [
        ...conditionProblems(`${path}.when`, when),
        ...(from === undefined ? [] : attempt(`${path}.from`, () => compileField(from, `${path}.from`))),
        ...(typeof table === 'string'
          ? tableProblems(`${path}.table`, table)
          : Object.entries(table).flatMap(([word, id]) => level(`${path}.table.${word}`, id))),
      ];
    }),
  ];
}

function tableProblems(path: string, name: string): ConfigProblem[] {
  if (builtInTable(name) !== undefined) return [];
  return [{ path, message: `there is no built-in table ${name}`, hint: `Known: ${TABLE_NAMES.join(', ')}.` }];
}

function supportHoursProblems({ severity, services }: Config): ConfigProblem[] {
  const windows = [
    { path: 'severity.supportHours', hours: severity.supportHours },
    ...services.map(({ supportHours }, index) => ({ path: `services[${index}].supportHours`, hours: supportHours })),
  ];
  return [
    ...(windows.some(({ hours }) => hours !== undefined) ? [] : missingHours(severity)),
    ...windows.flatMap(({ path, hours = [] }) =>
      hours.flatMap((window, place) => attempt(path, () => compileDuring(window, `${path}[${place}]`))),
    ),
  ];
}

function routeProblems({ routes }: Config): ConfigProblem[] {
  return [
    ...duplicates('routes', routes),
    ...routes.flatMap(({ when, dedupFields = [] }, index) => [
      ...conditionProblems(`routes[${index}].when`, when),
      ...dedupFields.flatMap((field, place) => {
        const path = `routes[${index}].dedupFields[${place}]`;
        return attempt(path, () => compileField(field, path));
      }),
    ]),
  ];
}

function gateProblems({ escalationPolicies }: Config): ConfigProblem[] {
  return escalationPolicies.flatMap(({ steps }, policy) =>
    steps.flatMap(({ when, escalateAt }, step) => {
      const path = `escalationPolicies[${policy}].steps[${step}]`;
      return [
        ...gateConditionProblems(`${path}.when`, when),
        ...zoneProblems(`${path}.escalateAt`, escalateAt?.timeZone),
      ];
    }),
  );
}

/** A gate is looked at as it is for somebody; its calendars are looked at elsewhere. */
export function gateConditionProblems(path: string, when: Condition | undefined): ConfigProblem[] {
  if (when === undefined) return [];
  const named = windowsOf(when).flatMap(({ window }) =>
    'holidays' in window && window.holidays !== undefined && 'calendar' in window.holidays
      ? window.holidays.calendar
      : [],
  );
  const calendars = new Map(named.map((calendar) => [calendar, []]));
  return conditionProblems(path, boundGate(when, NOWHERE, calendars));
}

function zoneProblems(path: string, timeZone: string | undefined): ConfigProblem[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  const message = `${JSON.stringify(timeZone)} is no IANA time zone`;
  return [{ path: `${path}.timeZone`, message, hint: 'Write one such as America/New_York.' }];
}

function conditionProblems(path: string, when: Condition | undefined): ConfigProblem[] {
  return when === undefined ? [] : attempt(path, () => compileCondition(when, path));
}
