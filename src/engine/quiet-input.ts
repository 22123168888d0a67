/**
 * Silences and maintenance windows as people ask for them.
 *
 * Pure. What is wrong is named by the field of the input; what has begun before now begins now.
 */
import * as z from 'zod';
import { compileQuiet } from '../core/intake/quiet.ts';
import { cleanText, oneLine } from '../core/text/clean.ts';
import { isTocsinError, TocsinError } from '../errors.ts';
import { conditionSchema } from '../model/condition.ts';
import { durationMs, durationSchema } from '../model/duration.ts';
import { idSchema } from '../model/identity.ts';
import { toEpochMs } from '../model/instant.ts';
import { maintenanceSchema } from '../model/intake.ts';
import { maintenanceAnnouncementSchema } from '../model/maintenance.ts';
import type { Decidable } from './current-config.ts';
import { actorOf } from './input.ts';
import { by } from './input-parts.ts';
import { type MaintenanceRow, maintenanceOf, type SilenceRow, silenceOf } from './quiet-document.ts';
import { refuseUnknownComponents } from './update-commands.ts';

const moment = z.union([z.date(), z.number(), z.string().min(1).max(64)]);
const comment = z.string().trim().min(1).max(4_096);
const atEnd = z.enum(['reroute', 'let-be']).default('reroute');
const stretch = { from: moment.optional(), until: moment.optional(), for: durationSchema.optional() };
const { services, notices, recurring } = maintenanceSchema.shape;

const announcement = maintenanceAnnouncementSchema.extend({
  title: z.string().overwrite(oneLine).min(1).max(1_024),
  text: z.string().overwrite(cleanText).trim().min(1).max(65_536),
});

/** The input of each change of what is silenced. */
export const QUIET_INPUTS = {
  silence: z.strictObject({ by, id: idSchema.optional(), when: conditionSchema, ...stretch, comment, atEnd }),
  maintenance: z.strictObject({
    by,
    id: idSchema.optional(),
    services,
    when: conditionSchema.optional(),
    ...stretch,
    recurring,
    notices,
    comment: comment.optional(),
    atEnd,
    announcement: announcement.optional(),
  }),
  end: z.strictObject({ by }),
} as const;

/** What a silence or a window is made of. */
export type QuietInput<N extends keyof typeof QUIET_INPUTS> = z.input<(typeof QUIET_INPUTS)[N]>;
type Checked<N extends keyof typeof QUIET_INPUTS> = z.output<(typeof QUIET_INPUTS)[N]>;

const TEN_YEARS_MS = 3_653 * 86_400_000;

/** The silence to store. */
export function silenceRow(input: Checked<'silence'>, id: string, { now }: Decidable): SilenceRow {
  const row: SilenceRow = {
    id,
    when: input.when,
    ...spanOf('silence', input, now),
    comment: input.comment,
    atEnd: input.atEnd,
    createdAt: now,
    createdBy: actorOf(input.by),
  };
  compiled('silence', () => compileQuiet([silenceOf(row)], []));
  return row;
}

/** The window to store. */
export function maintenanceRow(input: Checked<'maintenance'>, id: string, { now, config }: Decidable): MaintenanceRow {
  const { services: named, when, recurring: rule } = input;
  if (named === undefined && when === undefined)
    throw refusal('maintenance', 'services', 'name the services, a condition (`when`), or both');
  for (const [place, service] of (named ?? []).entries()) {
    if (config.services.has(service)) continue;
    const known = [...config.services.keys()].slice(0, 8).join(', ');
    throw refusal(
      'maintenance',
      `services[${place}]`,
      `there is no service ${service}. Known: ${known}`,
      'REFERENCE_UNKNOWN',
    );
  }
  const isBoth = rule !== undefined && (input.from ?? input.until ?? input.for) !== undefined;
  if (isBoth) throw refusal('maintenance', 'recurring', 'give either a stretch of time or `recurring`, not both');
  if (input.announcement !== undefined) {
    if (rule !== undefined)
      throw refusal(
        'maintenance',
        'announcement',
        'what recurs is not announced; set the one that people are to hear of',
      );
    refuseUnknownComponents('announce a maintenance', input.announcement.components, config);
  }
  const row: MaintenanceRow = {
    id,
    ...(named !== undefined && { services: named }),
    ...(when !== undefined && { when }),
    ...(rule === undefined ? spanOf('maintenance', input, now) : { recurring: rule }),
    notices: input.notices,
    ...(input.comment !== undefined && { comment: input.comment }),
    atEnd: input.atEnd,
    createdAt: now,
    createdBy: actorOf(input.by),
    ...(input.announcement !== undefined && { announcement: input.announcement }),
  };
  compiled('maintenance', () => compileQuiet([], [maintenanceOf(row)]));
  return row;
}

/** An input that cannot be used, because of the field `path`. */
export function refusal(
  command: string,
  path: string,
  message: string,
  code: 'INPUT_INVALID' | 'REFERENCE_UNKNOWN' = 'INPUT_INVALID',
): TocsinError {
  return new TocsinError(code, `Cannot set a ${command}: ${path}: ${message}.`, {
    details: { command, problems: [{ path, message }] },
  });
}

type Span = { readonly fromAt: number; readonly untilAt: number };

function spanOf(command: string, input: Pick<Checked<'silence'>, 'from' | 'until' | 'for'>, now: number): Span {
  const fromAt = Math.max(now, input.from === undefined ? now : toEpochMs(input.from, 'from'));
  if ((input.until === undefined) === (input.for === undefined))
    throw refusal(command, 'until', 'say when it ends: give either `until` or `for`');
  const untilAt = input.until === undefined ? fromAt + durationMs(input.for ?? '') : toEpochMs(input.until, 'until');
  if (untilAt <= now) throw refusal(command, 'until', 'it has passed');
  if (untilAt <= fromAt) throw refusal(command, 'until', 'it is not after `from`');
  if (untilAt - fromAt > TEN_YEARS_MS) throw refusal(command, 'until', 'it is more than ten years later');
  return { fromAt, untilAt };
}

/** What cannot be compiled is wrong in the input. */
function compiled(command: string, compile: () => unknown): void {
  try {
    compile();
  } catch (error) {
    if (!isTocsinError(error)) throw error;
    const { problems } = error.details;
    const path = error.code === 'RULE_INVALID' ? 'when' : 'recurring';
    throw new TocsinError('INPUT_INVALID', `Cannot set a ${command}: ${error.message}`, {
      details: { command, problems: Array.isArray(problems) ? problems : [{ path, message: error.message }] },
      cause: error,
    });
  }
}
