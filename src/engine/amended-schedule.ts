/**
 * A schedule with what is stored about it: the overrides and swaps of the configuration first, then the stored ones.
 *
 * Pure. What the configuration no longer fits is left out, alone, and said why: it never keeps the others from counting,
 * nor the schedule from answering.
 */
import { createSchedule, type Schedule } from '../core/on-call/schedule.ts';
import { isTocsinError } from '../errors.ts';
import type { Override, ScheduleInput, Swap } from '../model/schedule.ts';
import type { OnCallChanges, OverrideRow, SwapRow } from './on-call-document.ts';

/** What counts of the changes of a schedule, and why the rest does not: by the row. */
export type Amended = {
  readonly schedule: Schedule;
  readonly unfit: ReadonlyMap<OverrideRow | SwapRow, string>;
};

/** The most overrides, and the most swaps, that a schedule takes. */
export const MOST_CHANGES = 10_000;

/** `configured` with the changes that fit it and `users`. */
export function amendSchedule(
  configured: Schedule,
  { overrides, swaps }: OnCallChanges,
  users: Pick<ReadonlyMap<string, unknown>, 'has'>,
): Amended {
  const unfit = new Map<OverrideRow | SwapRow, string>();
  const rows = [...overrides, ...swaps];
  const leaveOut = (row: OverrideRow | SwapRow, why: string) => void unfit.set(row, why);
  const checkUser = (row: OverrideRow | SwapRow, user: string) => {
    if (!users.has(user)) leaveOut(row, `there is no user ${user}`);
  };
  for (const row of overrides) if (row.kind !== 'remove') checkUser(row, row.user);
  for (const row of swaps) checkUser(row, row.take);
  const { definition } = configured;
  for (const [list, own] of [[overrides, definition.overrides] as const, [swaps, definition.swaps] as const]) {
    const tooMany = own.length + list.length - MOST_CHANGES;
    for (const row of list.slice(0, Math.max(0, tooMany))) leaveOut(row, `there are more than ${MOST_CHANGES}`);
  }

  const fitting = <Row extends OverrideRow | SwapRow>(list: readonly Row[]) => list.filter((row) => !unfit.has(row));
  for (let left = rows.length - unfit.size; left > 0; left = rows.length - unfit.size) {
    const kept = { overrides: fitting(overrides), swaps: fitting(swaps) };
    try {
      return { schedule: createSchedule(withChanges(definition, kept)), unfit };
    } catch (error) {
      const problems = new Map(
        problemsOf(error).map(({ path, message }) => [path.slice(0, path.indexOf('.')), message]),
      );
      for (const [name, own] of [['overrides', definition.overrides] as const, ['swaps', definition.swaps] as const]) {
        for (const [index, row] of kept[name].entries()) {
          const problem = problems.get(`${name}[${own.length + index}]`);
          if (problem !== undefined) leaveOut(row, problem);
        }
      }
      // Nothing of it was named, so nothing of it can be trusted.
      if (rows.length - unfit.size === left)
        for (const row of [...kept.overrides, ...kept.swaps]) leaveOut(row, String(error));
    }
  }
  return { schedule: configured, unfit };
}

/** A definition with rows laid on top, as a host would write it. */
export function withChanges(definition: Schedule['definition'], { overrides, swaps }: OnCallChanges): ScheduleInput {
  return {
    ...definition,
    overrides: [...definition.overrides, ...overrides.map(overrideOf)],
    swaps: [...definition.swaps, ...swaps.map(swapOf)],
  };
}

function overrideOf({ id, kind, user, replaces, layer, ...row }: OverrideRow): Override {
  return { id, ...stretchOf(row), kind, user, ...(replaces && { replaces }), ...(layer && { layer }) };
}

function swapOf({ id, give, take, layer, ...row }: SwapRow): Swap {
  return { id, ...stretchOf(row), give, take, ...(layer && { layer }) };
}

function stretchOf({ fromAt, untilAt }: { readonly fromAt: number; readonly untilAt: number }) {
  return { from: new Date(fromAt).toISOString(), until: new Date(untilAt).toISOString() };
}

function problemsOf(error: unknown): readonly { readonly path: string; readonly message: string }[] {
  if (!isTocsinError(error, 'SCHEDULE_INVALID') || !Array.isArray(error.details.problems)) return [];
  return error.details.problems;
}
