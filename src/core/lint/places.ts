/**
 * Places: where a configuration holds conditions and names fields, and what can be asked there.
 *
 * Pure. It lists and judges nothing.
 */
import type { Condition } from '../../model/condition.ts';
import type { Config } from '../../model/config.ts';

/**
 * What is looked at: an event before and after its service is known (`arriving` events are those that no route has taken yet), or
 * an incident; where severities are decided, what a person reports as well; and what status pages keep of an incident.
 */
export type Asked = 'event' | 'arriving' | 'routed' | 'graded' | 'incident' | 'recorded';

/** A condition and where it stands. */
export type ConditionPlace = { readonly path: string; readonly when: Condition; readonly asked: Asked };

/** A field that is named and where. */
export type FieldPlace = { readonly path: string; readonly field: string; readonly asked: Asked };

/** Every condition of a configuration but the gates of its policies. */
export function conditionPlaces(config: Config): readonly ConditionPlace[] {
  const { severity, enrichment, routes, grouping, suppression, status } = config;
  const { silences, maintenance, inhibition, rateLimits } = suppression;
  return [
    ...placesOf('severity.rules', severity.rules, 'graded'),
    ...placesOf('severity.tables', severity.tables ?? [], 'graded'),
    ...placesOf('enrichment', enrichment, 'event'),
    ...placesOf('routes', routes, 'arriving'),
    ...placesOf('grouping', grouping, 'routed'),
    ...placesOf('suppression.silences', silences, 'routed'),
    ...placesOf('suppression.maintenance', maintenance, 'routed'),
    ...inhibition.flatMap(({ source, target }, index): ConditionPlace[] => [
      { path: `suppression.inhibition[${index}].source`, when: source, asked: 'routed' },
      { path: `suppression.inhibition[${index}].target`, when: target, asked: 'routed' },
    ]),
    ...placesOf('suppression.rateLimits', rateLimits, 'routed'),
    ...placesOf('status.pages', status.pages, 'recorded'),
  ];
}

/** The gates of the steps of all policies. */
export function gatePlaces({ escalationPolicies }: Config): readonly ConditionPlace[] {
  return escalationPolicies.flatMap(({ steps }, policy) =>
    placesOf(`escalationPolicies[${policy}].steps`, steps, 'incident'),
  );
}

/** Every field that a configuration names, those in conditions included. */
export function fieldPlaces(config: Config): readonly FieldPlace[] {
  const { severity, enrichment, routes, grouping, suppression } = config;
  return [
    ...[...conditionPlaces(config), ...gatePlaces(config)].flatMap(fieldsIn),
    ...(severity.tables ?? []).flatMap(({ from }, index) =>
      named(`severity.tables[${index}].from`, from === undefined ? [] : [from], 'graded', false),
    ),
    ...enrichment.flatMap(({ from, template, pattern }, index) => [
      ...named(`enrichment[${index}].from`, from === undefined || from.startsWith('/') ? [] : [from], 'event', false),
      ...named(`enrichment[${index}].template`, holesOf(template, pattern), 'event', false),
    ]),
    ...routes.flatMap(({ serviceFrom, dedupFields = [] }, index) => [
      ...named(`routes[${index}].serviceFrom`, serviceFrom === undefined ? [] : [serviceFrom], 'arriving', false),
      ...named(`routes[${index}].dedupFields`, dedupFields, 'event'),
    ]),
    ...grouping.flatMap(({ by }, index) => named(`grouping[${index}].by`, by, 'routed')),
    ...suppression.inhibition.flatMap(({ equal }, index) =>
      named(`suppression.inhibition[${index}].equal`, equal, 'routed'),
    ),
  ];
}

/** The parts of a condition that are conditions themselves. */
export function partsOf(when: Condition): readonly { readonly key: string; readonly when: Condition }[] {
  if (typeof when === 'string') return [];
  if ('all' in when) return when.all.map((part, index) => ({ key: `.all[${index}]`, when: part }));
  if ('any' in when) return when.any.map((part, index) => ({ key: `.any[${index}]`, when: part }));
  return 'not' in when ? [{ key: '.not', when: when.not }] : [];
}

function placesOf(
  list: string,
  items: readonly { readonly when?: Condition | undefined }[],
  asked: Asked,
): readonly ConditionPlace[] {
  return items.flatMap(({ when }, index) =>
    when === undefined ? [] : [{ path: `${list}[${index}].when`, when, asked }],
  );
}

function fieldsIn({ path, when, asked }: ConditionPlace): readonly FieldPlace[] {
  if (typeof when !== 'string' && 'field' in when && when.field !== undefined && when.op !== 'during')
    return [{ path: `${path}.field`, field: when.field, asked }];
  return partsOf(when).flatMap((part) => fieldsIn({ path: `${path}${part.key}`, when: part.when, asked }));
}

function named(path: string, fields: readonly string[], asked: Asked, isList = true): readonly FieldPlace[] {
  return fields.map((field, index) => ({ path: isList ? `${path}[${index}]` : path, field, asked }));
}

const HOLE = /\{\{\s*([^{}]+?)\s*\}\}/g;
const GROUP_NAME = /\(\?P?<([^>]+)>/g;

/** The fields that a template names; the groups of a pattern are none. */
function holesOf(template: string | undefined, pattern: string | undefined): readonly string[] {
  const groups = new Set(Array.from((pattern ?? '').matchAll(GROUP_NAME), ([, name]) => name));
  const names = Array.from((template ?? '').matchAll(HOLE), ([, name = '']) => name);
  return names.filter((name) => !/^\d+$/.test(name) && !groups.has(name));
}
