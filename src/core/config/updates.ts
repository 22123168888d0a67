/**
 * Updates: what a configuration says of approval, templates and subscribers that could not be obeyed.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import { TEMPLATE_FIELDS, unknownFields } from '../updates/template.ts';
import { namedUsers } from './named-users.ts';
import { type ConfigProblem, duplicates, missing } from './problem.ts';

/** Whoever hears of an incident a day later has heard nothing. */
const LONGEST_DIGEST_MS = 86_400_000;

/** Everything in `updates` of `config` that names what does not exist, or could not be obeyed. */
export function updateProblems(config: Config, hasDirectory: boolean): ConfigProblem[] {
  const { approval, templates, digestWithin, from } = config.updates;
  const levels = new Set(config.severity.levels.map(({ id }) => id));
  const users = new Set([...config.users.map(({ id }) => id), ...(hasDirectory ? namedUsers(config) : [])]);
  const roles = new Set(config.incidents.roles.map(({ id }) => id));
  const { by } = approval;
  const isNobody = by !== undefined && by.roles.length + by.users.length === 0;
  return [
    ...(isNobody
      ? [
          {
            path: 'updates.approval.by',
            message: 'nobody may approve',
            hint: 'Name roles or users, or leave `by` out: then everybody but the author may.',
          },
        ]
      : []),
    ...(by?.roles ?? []).flatMap((role, index) => missing(`updates.approval.by.roles[${index}]`, 'role', role, roles)),
    ...(hasDirectory
      ? []
      : (by?.users ?? []).flatMap((user, index) =>
          missing(`updates.approval.by.users[${index}]`, 'user', user, users),
        )),
    ...duplicates('updates.templates', templates),
    ...templates.flatMap(({ severity, text }, index) => [
      ...missing(`updates.templates[${index}].severity`, 'severity level', severity, levels),
      ...unknownFields(text).map((field) => ({
        path: `updates.templates[${index}].text`,
        message: `there is nothing to fill {{${field}}} with`,
        hint: `Known: ${TEMPLATE_FIELDS.join(', ')}.`,
      })),
    ]),
    ...missing('updates.from.internal', 'severity level', from.internal, levels),
    ...missing('updates.from.public', 'severity level', from.public, levels),
    ...(durationMs(digestWithin) > LONGEST_DIGEST_MS
      ? [{ path: 'updates.digestWithin', message: `${digestWithin} is more than a day`, hint: "Write '5m'." }]
      : []),
  ];
}
