/**
 * References of the response: the severities, schedules and roles that roles, checklists, fields and sub-statuses name.
 */
import type { Config } from '../../model/config.ts';
import type { Checklist } from '../../model/response.ts';
import { type ConfigProblem, duplicates, missing } from './problem.ts';
import { gateConditionProblems } from './rules.ts';

const CHOSEN: readonly string[] = ['select', 'multiSelect'];

/** Everything in the response of `config` that names what does not exist, or could not be obeyed. */
export function responseProblems(config: Config): ConfigProblem[] {
  const { roles, checklists, fields, subStatuses } = config.incidents;
  const levels = new Set(config.severity.levels.map(({ id }) => id));
  const schedules = new Set(config.schedules.map(({ id }) => id));
  const known = new Set(roles.map(({ id }) => id));
  const severities = (path: string, ids: readonly string[]) =>
    ids.flatMap((id, place) => missing(`${path}.requiredFor[${place}]`, 'severity level', id, levels));
  return [
    ...duplicates('incidents.roles', roles),
    ...duplicates('incidents.checklists', checklists),
    ...duplicates('incidents.fields', fields),
    ...duplicates('incidents.subStatuses', subStatuses),
    ...roles.flatMap(({ requiredFor, fill }, index) => [
      ...severities(`incidents.roles[${index}]`, requiredFor),
      ...(typeof fill === 'object'
        ? missing(`incidents.roles[${index}].fill.schedule`, 'schedule', fill.schedule, schedules)
        : []),
    ]),
    ...checklists.flatMap(({ when, items }, index) => {
      const path = `incidents.checklists[${index}]`;
      return [
        ...gateConditionProblems(`${path}.when`, when),
        ...duplicates(`${path}.items`, items),
        ...items.flatMap(({ role }, place) => missing(`${path}.items[${place}].role`, 'role', role, known)),
      ];
    }),
    ...sameTasks(checklists),
    ...fields.flatMap(({ type, options, requiredFor }, index) => [
      ...severities(`incidents.fields[${index}]`, requiredFor),
      ...optionProblems(`incidents.fields[${index}].options`, CHOSEN.includes(type), options),
    ]),
  ];
}

/** A task is called by its checklist and its item: `a:b` and `c` would be called as `a` and `b:c` are. */
function sameTasks(checklists: readonly Checklist[]): ConfigProblem[] {
  const owners = new Map<string, string>();
  return checklists.flatMap(({ id, items }, index) =>
    items.flatMap(({ id: item }, place) => {
      const task = `${id}:${item}`;
      const owner = owners.get(task) ?? id;
      owners.set(task, owner);
      if (owner === id) return [];
      const message = `its task would be called ${task}, as one of the checklist ${owner} is`;
      return [{ path: `incidents.checklists[${index}].items[${place}].id`, message, hint: 'Give it another id.' }];
    }),
  );
}

function optionProblems(path: string, isChosen: boolean, options: readonly string[] | undefined): ConfigProblem[] {
  if (isChosen && options === undefined)
    return [{ path, message: 'required', hint: 'Name what can be selected, or let the field be a text.' }];
  if (!isChosen && options !== undefined)
    return [{ path, message: 'nothing is selected in a field of this type', hint: 'Remove them, or use `select`.' }];
  return [];
}
