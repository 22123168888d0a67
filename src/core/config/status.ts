/**
 * The status part of a configuration: every component, group, service and severity that is named must exist, once.
 *
 * An internal page that is open to everybody is refused: it would show what the public may not read.
 */
import type { Config } from '../../model/config.ts';
import type { StatusPage } from '../../model/status.ts';
import { isTimeZone } from '../on-call/zone.ts';
import { compileCondition } from '../rules/condition.ts';
import { attempt, type ConfigProblem, duplicates, missing } from './problem.ts';

/** Everything in the components, groups and pages of `config` that names what does not exist, or could not be obeyed. */
export function statusProblems({ status, services, severity }: Config): ConfigProblem[] {
  const components = ids(status.components);
  const groups = ids(status.groups);
  const known = ids(services);
  const levels = ids(severity.levels);
  const impacts = (path: string, table: Readonly<Record<string, unknown>> = {}) =>
    Object.keys(table).flatMap((level) => missing(`${path}.${level}`, 'severity level', level, levels));
  return [
    ...duplicates('status.components', status.components),
    ...duplicates('status.groups', status.groups),
    ...duplicates('status.pages', status.pages),
    ...status.components.flatMap(({ group, services: feeding, impact }, index) => [
      ...missing(`status.components[${index}].group`, 'component group', group, groups),
      ...feeding.flatMap((id, place) =>
        missing(`status.components[${index}].services[${place}]`, 'service', id, known),
      ),
      ...impacts(`status.components[${index}].impact`, impact),
    ]),
    ...status.pages.flatMap((page, index) => pageProblems(`status.pages[${index}]`, page, components)),
    ...missing('status.from', 'severity level', status.from, levels),
    ...impacts('status.impact', status.impact),
  ];
}

function pageProblems(path: string, page: StatusPage, components: ReadonlySet<string>): ConfigProblem[] {
  const { timeZone, when, audience, access } = page;
  return [
    ...(page.components ?? []).flatMap((id, place) =>
      missing(`${path}.components[${place}]`, 'component', id, components),
    ),
    ...(isTimeZone(timeZone)
      ? []
      : [
          {
            path: `${path}.timeZone`,
            message: `${JSON.stringify(timeZone)} is no IANA time zone`,
            hint: 'Write one such as America/New_York.',
          },
        ]),
    ...(audience === 'internal' && access === 'open'
      ? [
          {
            path: `${path}.access`,
            message: 'this page shows internal titles and updates, and would be open to everybody',
            hint: "Leave `access` out, or write `audience: 'public'`.",
          },
        ]
      : []),
    ...(when === undefined ? [] : attempt(`${path}.when`, () => compileCondition(when, `${path}.when`))),
  ];
}

function ids(items: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(items.map(({ id }) => id));
}
