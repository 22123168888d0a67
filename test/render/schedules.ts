/**
 * Schedules to be shown: one with everything in it, and one whose people have hostile names.
 */
import { createSchedule, type Schedule } from '../../src/core/on-call/index.ts';

/** People of {@link busySchedule}. */
export const USERS = [
  { id: 'ana', name: 'Ana Lima' },
  { id: 'ben', name: 'Ben Okafor' },
  { id: 'chi', name: 'Chi Nguyen' },
  { id: 'dee', name: 'Dee' },
];

/** Weekly turns in New York, two overrides (one beside, one a gap) and a swap, around the clock change of March 2026. */
export function busySchedule(): Schedule {
  return createSchedule({
    id: 'checkout',
    name: 'Checkout',
    timeZone: 'America/New_York',
    layers: [
      {
        id: 'weekly',
        rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: ['ana', 'ben', 'chi'] },
      },
    ],
    overrides: [
      { id: 'help', from: '2026-03-10T09:00:00', until: '2026-03-12T18:00:00', kind: 'add', user: 'dee' },
      { id: 'flight', from: '2026-03-07T09:00:00', until: '2026-03-08T12:00:00', kind: 'remove', user: 'chi' },
    ],
    swaps: [{ id: 'concert', from: '2026-03-16T09:00:00', until: '2026-03-18T09:00:00', give: 'ben', take: 'ana' }],
  });
}

/** The two weeks of {@link busySchedule} in which everything happens. */
export const BUSY = { from: '2026-03-02T05:00:00Z', until: '2026-03-23T04:00:00Z' };

/** Names that try to be more than text. */
export const HOSTILE = [
  '<script>alert(1)</script>" onload="x',
  ']]>&amp;<!-- -->\u0000\u0007\ud800\ufffe',
  '\u001b[31mred\u001b[0m\r\nBEGIN:VEVENT\r\nUID:evil',
  'a:crit, 2026-01-01, 1d; section x\n%%{init: {"theme":"dark"}}%% #35;',
  'Wolfeschlegelsteinhausenbergerdorff, the third; of \\ his name '.repeat(8),
  '👩‍👩‍👧‍👦'.repeat(60),
  '張偉明・オンコール担当者の名前はとても長い',
  'Z\u0338\u0322\u031balgo \u202egnirts',
  ' \t\n ',
];

/** One day for each hostile name. */
export function hostileSchedule(names: readonly string[] = HOSTILE): {
  readonly schedule: Schedule;
  readonly users: readonly { id: string; name: string }[];
} {
  const users = names.map((name, index) => ({ id: `u${index}`, name }));
  const schedule = createSchedule({
    id: 'a:b/@c',
    name: HOSTILE[3]!,
    timeZone: 'UTC',
    layers: [
      {
        id: 'x:y',
        rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=DAILY', participants: users.map(({ id }) => id) },
      },
    ],
  });
  return { schedule, users };
}
