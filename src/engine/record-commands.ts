/**
 * Commands that write something down: links, fields, sub-statuses, pins, and the times as people know them.
 *
 * Pure. Each checks what it names against the configuration and the incident, and builds one event; none of them asks or tells
 * anybody.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { own } from '../core/lifecycle/owed.ts';
import { checkedField, type FieldInput } from '../core/response/field-value.ts';
import { disorderIn } from '../core/response/times.ts';
import { isTocsinError, TocsinError } from '../errors.ts';
import type { TimesMs } from '../model/incident.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import type { CorrectableTime, FieldValue } from '../model/response-events.ts';
import { defined, invalid, unknown } from './command-checks.ts';
import type { Builder } from './command-world.ts';
import type { CheckedInput } from './input.ts';

type Name = 'link' | 'setFields' | 'setSubStatus' | 'pin' | 'unpin' | 'correctTimes';

/** Moments as people hand them in. */
type Times = CheckedInput<'correctTimes'>['times'];

export const RECORD_BUILDERS: { readonly [N in Name]: Builder<N> } = {
  link: ({ by: _, ...link }) => ({ type: 'link.added', link: somewhere(defined(link)) }),
  setFields: ({ fields }, context, { config }) => {
    const checked = checkedFields('setFields', fields, config);
    const changes = Object.entries(checked).filter(
      ([id, value]) => JSON.stringify(own(context.fields, id) ?? null) !== JSON.stringify(value),
    );
    return changes.length === 0 ? undefined : { type: 'fields.set', fields: Object.fromEntries(changes) };
  },
  setSubStatus: ({ subStatus }, context, { config, phase }) => {
    if (subStatus !== null) {
      const known = config.response.subStatuses;
      const found = known.get(subStatus);
      if (found === undefined) throw unknown('sub-status', subStatus, [...known.keys()]);
      if (found.phase !== phase)
        throw invalid('setSubStatus', 'subStatus', `${subStatus} is of ${found.phase}, and the incident is ${phase}`);
    }
    return subStatus === context.subStatus ? undefined : { type: 'subStatus.set', subStatus };
  },
  pin: ({ seq }, { pinned }, world) => {
    if (seq > world.seq) throw invalid('pin', 'seq', `there is no entry ${seq}: the timeline has ${world.seq}`);
    return pinned.includes(seq) ? undefined : { type: 'entry.pinned', entry: seq };
  },
  unpin: ({ seq }, { pinned }) => (pinned.includes(seq) ? { type: 'entry.unpinned', entry: seq } : undefined),
  correctTimes: ({ times, reason }, context, { now }) => {
    const given = instantsOf('correctTimes', times);
    if (given.resolvedAt !== undefined && context.times.resolvedAt === undefined)
      throw invalid('correctTimes', 'times.resolvedAt', 'the incident has not been resolved');
    const known: Partial<TimesMs> = { ...context.times, ...context.corrections };
    refuseDisorder('correctTimes', { ...known, ...given }, { now, isBackfilled: context.kind === 'backfilled' });
    const changes = Object.entries(given).flatMap(([name, to]) => {
      const from = known[name as CorrectableTime];
      return from === to ? [] : [[name, { ...(from !== undefined && { from }), to }] as const];
    });
    if (changes.length === 0) return undefined;
    return { type: 'times.corrected', times: Object.fromEntries(changes), ...defined({ reason }) };
  },
};

/**
 * The moments of `times` in epoch ms.
 *
 * @throws TocsinError INPUT_INVALID when one of them is no moment.
 */
export function instantsOf(command: string, times: Times): { readonly [T in CorrectableTime]?: number } {
  const entries = Object.entries(times).flatMap(([name, given]: [string, InstantInput | undefined]) => {
    if (given === undefined) return [];
    try {
      return [[name, toEpochMs(given, name)] as const];
    } catch (error) {
      if (!isTocsinError(error, 'INSTANT_INVALID')) throw error;
      throw invalid(
        command,
        `times.${name}`,
        `${name} is no moment: give a Date, epoch ms, or ISO 8601 with an offset`,
      );
    }
  });
  return Object.fromEntries(entries);
}

/**
 * Refuses times that contradict each other.
 *
 * @throws TocsinError INPUT_INVALID naming both of them.
 */
export function refuseDisorder(
  command: string,
  times: Partial<TimesMs>,
  moment: Parameters<typeof disorderIn>[1],
): void {
  const found = disorderIn(times, moment);
  if (found === undefined) return;
  const { earlier, later } = found;
  const at = (name: typeof later) => (name === 'now' ? moment.now : (times[name] ?? moment.now));
  const shown = (name: typeof later) => `${name} (${new Date(at(name)).toISOString()})`;
  const message = `${shown(earlier)} cannot be after ${shown(later)}`;
  throw new TocsinError('INPUT_INVALID', `Cannot ${command}: ${message}.`, {
    details: { command, problems: [{ path: `times.${earlier}`, message }], times: [earlier, later] },
  });
}

/**
 * Fields as they are kept; `null` empties one.
 *
 * @throws TocsinError INPUT_INVALID with every field that is not known or not of its type.
 */
export function checkedFields(
  command: string,
  fields: Readonly<Record<string, FieldInput | null>>,
  { response, users }: CompiledConfig,
): Readonly<Record<string, FieldValue | null>> {
  const known = [...response.fields.keys()].join(', ') || 'none';
  const checked = Object.entries(fields).map(([id, given]) => {
    const field = response.fields.get(id);
    if (field === undefined) return { id, problem: `there is no such field; known: ${known}` };
    if (given === null) return { id, value: null };
    return { id, ...checkedField(field, given, (user) => users.get(user) !== undefined) };
  });
  const problems = checked.flatMap((one) =>
    'problem' in one ? [{ path: `fields.${one.id}`, message: one.problem }] : [],
  );
  if (problems.length === 0)
    return Object.fromEntries(checked.flatMap((one) => ('value' in one ? [[one.id, one.value]] : [])));
  const shown = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new TocsinError('INPUT_INVALID', `Cannot ${command}: ${shown}.`, { details: { command, problems } });
}

function somewhere<L extends { readonly href?: string; readonly incident?: string; readonly relation?: string }>(
  link: L,
): L {
  if (link.href === undefined && link.incident === undefined)
    throw invalid('link', 'href', 'give an `href` or an `incident`');
  if (link.relation !== undefined && link.incident === undefined)
    throw invalid('link', 'relation', 'only another `incident` has a relation');
  return link;
}
