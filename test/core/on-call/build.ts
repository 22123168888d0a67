/** Short ways to write schedules in tests and to read their answers; never asserts anything. */
import { createSchedule, type Schedule, type ScheduleInput } from '../../../src/core/on-call/index.ts';

type LayerInput = ScheduleInput['layers'][number];
type RotationInput = LayerInput['rotation'];

export const MONDAY = '2026-01-05T09:00:00';
export const OFFICE_HOURS = { start: MONDAY, duration: '8h', rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' };

/** A weekly layer, unless `rotation` says otherwise. */
export function layer(
  id: string,
  participants: RotationInput['participants'],
  { rotation = {}, ...rest }: Omit<Partial<LayerInput>, 'rotation'> & { rotation?: Partial<RotationInput> } = {},
): LayerInput {
  return { id, rotation: { start: MONDAY, rrule: 'FREQ=WEEKLY', participants, ...rotation }, ...rest };
}

/** A schedule in UTC, unless `rest` says otherwise. */
export function schedule(layers: readonly LayerInput[], rest: Partial<ScheduleInput> = {}): Schedule {
  return createSchedule({ id: 'primary', timeZone: 'UTC', layers: [...layers], ...rest });
}

/** `from` and `until`, at midnight UTC when only days are given. */
export function between(from: string, until: string) {
  const full = (text: string) => (text.length === 10 ? `${text}T00:00:00Z` : text);
  return { from: full(from), until: full(until) };
}

/** `ana 01-05 09:00 to 01-12 09:00`, in UTC. */
export function lines(shifts: readonly { user: string; start: Date; end: Date }[]): readonly string[] {
  return shifts.map(({ user, start, end }) => `${user} ${short(start)} to ${short(end)}`);
}

/** The users on call at a moment. */
export function users(of: Schedule, at: string): readonly string[] {
  return of.onCallAt(at).map(({ user }) => user);
}

/** `01-05 09:00`, in UTC. */
export function short(date: Date): string {
  return date.toISOString().slice(5, 16).replace('T', ' ');
}
