/**
 * Overrides and swaps as people ask for them, checked against the schedule and the people of the configuration.
 *
 * Pure. Whether a stretch of time exists is said by the schedule's own check; what is wrong is named by the field of the
 * input. What has passed is never changed: a stretch that began before now begins now.
 */
import * as z from 'zod';
import { readMoment } from '../core/on-call/local-moment.ts';
import { createSchedule, type Schedule } from '../core/on-call/schedule.ts';
import { TEN_YEARS_MS } from '../core/on-call/window.ts';
import { zoneOf } from '../core/on-call/zone.ts';
import { contactsOf } from '../core/paging/contacts.ts';
import { isTocsinError, TocsinError } from '../errors.ts';
import { idSchema } from '../model/identity.ts';
import type { ScheduleInput } from '../model/schedule.ts';
import { MOST_CHANGES } from './amended-schedule.ts';
import type { Decidable } from './current-config.ts';
import { actorOf } from './input.ts';
import { by } from './input-parts.ts';
import type { OnCallChanges, OverrideRow, SwapRow } from './on-call-document.ts';

const moment = z.union([z.date(), z.number(), z.string().min(1).max(64)]);
const stretch = { schedule: idSchema, from: moment, until: moment };
const rest = { layer: idSchema.optional(), id: idSchema.optional(), by };

/** The input of each change of who is on call. */
export const ON_CALL_INPUTS = {
  override: z.strictObject({
    ...stretch,
    kind: z.enum(['replace', 'add', 'remove']),
    user: idSchema,
    replaces: idSchema.optional(),
    ...rest,
  }),
  swap: z.strictObject({ ...stretch, give: idSchema, take: idSchema, ...rest }),
  cancel: z.strictObject({ by }),
} as const;

/** What an override or a swap is made of. */
export type OnCallInput<N extends keyof typeof ON_CALL_INPUTS> = z.input<(typeof ON_CALL_INPUTS)[N]>;
type Command = 'override' | 'swap';
type Checked<N extends keyof typeof ON_CALL_INPUTS> = z.output<(typeof ON_CALL_INPUTS)[N]>;

/** Where each change stands in a schedule. */
export const LISTS = { override: 'overrides', swap: 'swaps' } as const;

/** What a change is checked against: the schedule that it is laid on, as it is now. */
export type Base = {
  readonly schedule: Schedule;
  /** The overrides and swaps of the configuration alone. */
  readonly configured: Schedule;
  readonly changes: OnCallChanges;
  readonly loaded: Decidable;
};

/** The override to store. */
export function overrideRow(input: Checked<'override'>, id: string, base: Base): OverrideRow {
  const { kind, user, replaces } = input;
  const users = { user, ...(replaces !== undefined && { replaces }) };
  const { definition } = base.schedule;
  const lay = (common: Common) => ({
    ...definition,
    overrides: [...definition.overrides, { ...common, kind, ...users }],
  });
  const comes = kind === 'remove' ? undefined : 'user';
  return { ...checked('override', { input, id, users, comes, lay }, base), kind, ...users };
}

/** The swap to store. */
export function swapRow(input: Checked<'swap'>, id: string, base: Base): SwapRow {
  const users = { give: input.give, take: input.take };
  if (users.give === users.take) throw refusal('swap', 'take', `${users.take} cannot give to themselves`);
  const { definition } = base.schedule;
  const lay = (common: Common) => ({ ...definition, swaps: [...definition.swaps, { ...common, ...users }] });
  return { ...checked('swap', { input, id, users, comes: 'take', lay }, base), ...users };
}

/** An input that cannot be used, because of the field `path`. */
export function refusal(
  command: string,
  path: string,
  message: string,
  {
    code = 'INPUT_INVALID',
    ...details
  }: { readonly code?: 'INPUT_INVALID' | 'REFERENCE_UNKNOWN' } & Record<string, unknown> = {},
): TocsinError {
  return new TocsinError(code, `Cannot ${command}: ${path}: ${message}.`, {
    details: { command, problems: [{ path, message }], ...details },
  });
}

type Common = { readonly id: string; readonly from: string; readonly until: string; readonly layer?: string };

type Asked = {
  readonly input: Checked<'override'> | Checked<'swap'>;
  readonly id: string;
  readonly users: Readonly<Record<string, string>>;
  /** The field whose user comes on call, and so has to be reachable. */
  readonly comes: string | undefined;
  /** The schedule with the change as its last one. */
  readonly lay: (common: Common) => ScheduleInput;
};

/** What overrides and swaps have in common. */
function checked(command: Command, { input, id, users, comes, lay }: Asked, base: Base) {
  const { schedule, loaded } = base;
  const { layer } = input;
  for (const [path, user] of Object.entries(users))
    checkUser(command, { path, user, isComing: path === comes }, loaded);
  const layers = schedule.definition.layers.map((known) => known.id);
  if (layer !== undefined && !layers.includes(layer)) throw unknown(command, 'layer', layer, layers);
  refuseSecond(command, id, base);
  refuseOneTooMany(command, base);

  const texts = { from: textOf(command, 'from', input.from), until: textOf(command, 'until', input.until) };
  try {
    createSchedule(lay({ id, ...texts, ...(layer !== undefined && { layer }) }));
  } catch (error) {
    throw asInput(command, error, `${LISTS[command]}[${schedule.definition[LISTS[command]].length}].`);
  }
  const [fromAt, untilAt] = [momentOf(texts.from, schedule), momentOf(texts.until, schedule)];
  if (untilAt <= loaded.now)
    throw refusal(command, 'until', `${texts.until} has passed, and what has passed stays as it was`);
  if (untilAt - Math.max(fromAt, loaded.now) > TEN_YEARS_MS)
    throw refusal(command, 'until', `${texts.until} is more than ten years later; change the rotation instead`);
  return {
    id,
    fromAt: Math.max(fromAt, loaded.now),
    untilAt,
    ...(layer !== undefined && { layer }),
    createdAt: loaded.now,
    createdBy: actorOf(input.by),
  };
}

type Named = { readonly path: string; readonly user: string; readonly isComing: boolean };

function checkUser(command: Command, { path, user: id, isComing }: Named, { config }: Decidable): void {
  const user = config.users.get(id);
  if (user === undefined) throw unknown(command, path, id, [...config.users.keys()]);
  if (!isComing || contactsOf(user).length > 0) return;
  const message = `user ${id} has no contact and could not be paged; give them one in the configuration`;
  throw refusal(command, path, message, { code: 'REFERENCE_UNKNOWN', [path]: id });
}

function unknown(command: Command, path: string, id: string, known: readonly string[]): TocsinError {
  const what = path === 'layer' ? 'layer' : 'user';
  const message = `there is no ${what} ${id}. Known: ${known.slice(0, 8).join(', ') || 'none'}`;
  return refusal(command, path, message, { code: 'REFERENCE_UNKNOWN', [path]: id, known: known.slice(0, 100) });
}

/** An id names one change of the tenant, so that it can be cancelled by it alone. */
function refuseSecond(command: Command, id: string, { configured, loaded }: Base): void {
  const list = LISTS[command];
  const isOwn = configured.definition[list].some((other) => other.id === id);
  const stored = [...loaded.onCall.schedules.values()].map(({ changes }) => changes?.[list] ?? []);
  if (!isOwn && !stored.some((rows) => rows.some((other) => other.id === id))) return;
  throw refusal(command, 'id', `there is already one of the id ${id}; leave the id out, or give another one`);
}

function refuseOneTooMany(command: Command, { configured, changes }: Base): void {
  const list = LISTS[command];
  if (configured.definition[list].length + changes[list].length < MOST_CHANGES) return;
  throw refusal(command, 'schedule', `it has ${MOST_CHANGES} ${list}, which is the most; cancel what is not wanted`);
}

function textOf(command: string, path: string, given: Date | number | string): string {
  if (typeof given === 'string') return given;
  const date = new Date(given);
  if (Number.isNaN(date.getTime())) throw refusal(command, path, 'this is no moment');
  return date.toISOString();
}

/** The moment of a text that was checked. */
function momentOf(text: string, { timeZone }: Schedule): number {
  const read = readMoment(text, zoneOf(timeZone));
  if ('at' in read) return read.at;
  throw new TocsinError('INPUT_INVALID', read.problem, {
    details: { problems: [{ path: '', message: read.problem }] },
  });
}

/** The problems that a schedule has with its last override or swap, as problems of the input. */
function asInput(command: string, error: unknown, at: string): unknown {
  if (!isTocsinError(error, 'SCHEDULE_INVALID') || !Array.isArray(error.details.problems)) return error;
  const problems = (error.details.problems as { path: string; message: string }[]).map(({ path, message }) => ({
    path: path.startsWith(at) ? path.slice(at.length) : 'schedule',
    message,
  }));
  const shown = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new TocsinError('INPUT_INVALID', `Cannot ${command}: ${shown}.`, {
    details: { command, problems },
    cause: error,
  });
}
