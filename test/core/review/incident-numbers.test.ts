import { expect, test } from 'vitest';
import { incidentNumbers } from '../../../src/core/review/incident-numbers.ts';
import type { EventDraft } from '../../../src/model/timeline.ts';
import { MINUTE, opened, story } from '../lifecycle/support.ts';
import { at, fires, type Line, page, told } from './stories.ts';

const numbersOf = (now: string, ...lines: readonly Line[]) => incidentNumbers(told(...lines), { now: at(now) });
const opening: Line = ['10:00:00', 'alertmanager', fires()];

/** Minutes that each person had it. */
function engaged(now: string, ...lines: readonly Line[]): Readonly<Record<string, number>> {
  const { people } = numbersOf(now, opening, ...lines);
  return Object.fromEntries(people.map(({ user, engagedMs }) => [user, engagedMs / MINUTE]));
}

test('what happened is counted, and the latest word counts', () => {
  const numbers = numbersOf(
    '12:00:00',
    ['10:00:00', 'alertmanager', fires({ title: 'Disk 7 of db12 is full', labels: {} })],
    ['10:00:00', 'tocsin', page('ana', 'ben')],
    ['10:05:00', 'tocsin', { type: 'timer.fired', kind: 'step' }],
    ['10:05:00', 'tocsin', page('ana')],
    ['10:06:00', 'alertmanager', { type: 'alert.joined', alert: { id: 'a2', severity: 'SEV2', title: 'Slow' } }],
    ['10:07:00', 'alertmanager', { type: 'alert.joined', alert: { id: 'a2', severity: 'SEV2', title: 'Slow' } }],
    ['10:08:00', 'ana', 'incident.acknowledged'],
    ['10:09:00', 'ana', { type: 'incident.updated', title: 'The disk of db12 is full' }],
    ['10:40:00', 'ana', 'incident.resolved'],
    ['10:50:00', 'alertmanager', 'incident.reopened'],
    ['11:00:00', 'ana', 'incident.resolved'],
  );
  expect(numbers).toMatchObject({
    id: 'i1',
    title: 'The disk of db12 is full',
    service: 'checkout',
    severity: 'SEV2',
    kind: 'real',
    visibility: 'public',
    outcome: 'resolved',
    openedAt: at('10:00:00'),
    endedAt: at('11:00:00'),
    offender: 'Disk # of db# is full',
    alerts: 2,
    pages: 2,
    escalations: 1,
    reopenings: 1,
    isAutoResolved: false,
  });
  expect(numbers.people).toEqual([
    {
      user: 'ana',
      pagedAt: [at('10:00:00'), at('10:05:00')],
      acknowledgements: 1,
      engagedMs: 32 * MINUTE,
    },
    { user: 'ben', pagedAt: [at('10:00:00')], acknowledgements: 0, engagedMs: 0 },
  ]);
  expect(numbers).not.toHaveProperty('involved');
});

test('what asked nobody has no people and no pages', () => {
  expect(numbersOf('10:10:00', opening)).toMatchObject({ pages: 0, escalations: 0, people: [], outcome: 'open' });
  expect(numbersOf('10:10:00', opening)).not.toHaveProperty('endedAt');
});

test('whoever acknowledges has it until it is eased, and again when it is bad again', () => {
  const lines: readonly Line[] = [
    ['10:05:00', 'ana', 'incident.acknowledged'],
    ['10:20:00', 'ana', 'incident.mitigated'],
    ['10:30:00', 'alertmanager', { type: 'alert.joined', alert: { id: 'a1', severity: 'SEV2', title: 'Again' } }],
  ];
  expect(engaged('10:25:00', ...lines.slice(0, 2))).toEqual({ ana: 15 });
  expect(engaged('10:40:00', ...lines)).toEqual({ ana: 25 });
});

test.each<{ readonly how: string; readonly what: EventDraft }>([
  { how: 'unacknowledged', what: { type: 'incident.unacknowledged', reason: 'timeout' } },
  { how: 'reassigned', what: { type: 'incident.reassigned', ladder: opened().ladder } },
  { how: 'snoozed', what: { type: 'incident.snoozed', forMs: MINUTE } },
  { how: 'resolved', what: { type: 'incident.resolved' } },
  { how: 'dismissed', what: { type: 'incident.dismissed' } },
  { how: 'merged', what: { type: 'incident.merged', into: 'i2' } },
  { how: 'taken from that person', what: { type: 'responder.removed', user: 'ana' } },
])('an incident that was $how is nobody’s until somebody acknowledges it again', ({ what }) => {
  expect(engaged('12:00:00', ['10:05:00', 'ana', 'incident.acknowledged'], ['10:15:00', 'ana', what])).toEqual({
    ana: 10,
  });
});

test('whoever joined stays when the acknowledgement runs out, and has it once when it is theirs twice', () => {
  expect(
    engaged(
      '11:00:00',
      ['10:05:00', 'ana', 'incident.acknowledged'],
      ['10:10:00', 'zoe', { type: 'responder.accepted', user: 'zoe' }],
      ['10:10:00', 'zoe', 'page.acknowledged'],
      ['10:20:00', 'ana', 'incident.acknowledged'],
      ['10:35:00', 'tocsin', { type: 'incident.unacknowledged', reason: 'timeout' }],
      ['10:40:00', 'zoe', { type: 'responder.declined', user: 'zoe' }],
    ),
  ).toEqual({ ana: 30, zoe: 30 });
});

test('who forgot to say that it was over did not have it all night, once people have said when it was', () => {
  const corrected = (to: string): Line => [
    '20:00:00',
    'ben',
    { type: 'times.corrected', times: { resolvedAt: { to: at(to) } } },
  ];
  const night: readonly Line[] = [
    ['10:05:00', 'ana', 'incident.acknowledged'],
    ['18:00:00', 'ana', { type: 'note.added', text: 'Oh' }],
    ['18:05:00', 'ana', 'incident.resolved'],
  ];
  expect(engaged('22:00:00', ...night)).toEqual({ ana: 480 });
  expect(engaged('22:00:00', ...night, corrected('10:45:00'))).toEqual({ ana: 40 });
  expect(engaged('22:00:00', ...night, corrected('10:45:00'), corrected('10:35:00'))).toEqual({ ana: 30 });
  const again: readonly Line[] = [
    ['21:00:00', 'ben', 'incident.reopened'],
    ['21:05:00', 'ana', 'incident.acknowledged'],
    ['21:15:00', 'ana', 'incident.resolved'],
  ];
  expect(engaged('22:00:00', ...night, corrected('10:45:00'), ...again)).toEqual({ ana: 50 });
});

test('responders go on in the incident into which theirs was merged; its alerts count where they came', () => {
  const absorbed: EventDraft = {
    type: 'incident.absorbed',
    source: 'i2',
    alerts: [{ id: 'b1', severity: 'SEV2', title: 'b1', status: 'firing' }],
    responders: ['zoe'],
    tasks: [],
  };
  const numbers = numbersOf('10:30:00', opening, ['10:10:00', 'ben', absorbed]);
  expect(numbers.people).toEqual([{ user: 'zoe', pagedAt: [], acknowledgements: 0, engagedMs: 20 * MINUTE }]);
  expect(numbers.alerts).toBe(1);
});

test('a page that waits for the end of quiet hours counts then; one without the storage counts when it was', () => {
  const held = { contact: 'c', notifier: 'sms', address: '1', afterMs: 90 * MINUTE, heldBy: 'quietHours' } as const;
  const asking = page('ana') as Extract<EventDraft, { type: 'page.requested' }>;
  const quiet = { ...asking, recipients: asking.recipients.map((one) => ({ ...one, contacts: [held] })) };
  const emergency: EventDraft = { type: 'emergency.paged', users: ['ana'], notifier: 'sms', pagedAt: at('10:20:00') };
  const [ana] = numbersOf('12:00:00', opening, ['10:00:00', 'tocsin', quiet], ['10:40:00', 'tocsin', emergency]).people;
  expect(ana?.pagedAt).toEqual([at('10:20:00'), at('11:30:00')]);
});

test.each([
  { until: '11:00:00', what: [['10:10:00', 'ben', 'incident.acknowledged']], says: 'withdrawn in time asked nobody' },
  { until: '12:00:00', what: [['11:29:59', 'tocsin', 'incident.resolved']], says: 'withdrawn in time asked nobody' },
  { until: '11:29:59', what: [], says: 'still to come has asked nobody yet' },
] satisfies { until: string; what: readonly Line[]; says: string }[])(
  'a page that waits for the end of quiet hours and is $says ($until)',
  ({ until, what }) => {
    const asking = page('ana') as Extract<EventDraft, { type: 'page.requested' }>;
    const held = { contact: 'c', notifier: 'sms', address: '1', afterMs: 90 * MINUTE, heldBy: 'quietHours' } as const;
    const quiet = { ...asking, recipients: asking.recipients.map((one) => ({ ...one, contacts: [held] })) };
    const { people } = numbersOf(until, opening, ['10:00:00', 'tocsin', quiet], ...what);
    expect(people.some(({ user }) => user === 'ana')).toBe(false);
  },
);

test('what was written down later says nothing about what it asked of people', () => {
  const numbers = numbersOf(
    '18:00:00',
    ['15:00:00', 'ana', fires({ kind: 'backfilled', times: { resolvedAt: at('08:00:00') } })],
    ['15:01:00', 'ana', 'incident.acknowledged'],
    ['15:02:00', 'ana', 'incident.resolved'],
  );
  expect(numbers).toMatchObject({ people: [], isAutoResolved: false, endedAt: at('08:00:00') });
});

test.each([
  { who: 'nobody had done anything', lines: [], is: true },
  { who: 'somebody acknowledged elsewhere', lines: [['10:01:00', 'alertmanager', 'incident.acknowledged']], is: false },
  { who: 'somebody wrote a note', lines: [['10:01:00', 'ana', { type: 'note.added', text: 'Hm' }]], is: false },
] satisfies { who: string; lines: readonly Line[]; is: boolean }[])(
  'it resolved by itself, and $who: auto-resolved is $is',
  ({ lines, is }) => {
    const ending: Line = ['10:30:00', 'tocsin', 'incident.resolved'];
    expect(numbersOf('11:00:00', opening, ...lines, ending).isAutoResolved).toBe(is);
    const read: Line = ['10:40:00', 'ana', { type: 'note.added', text: 'Seen' }];
    expect(numbersOf('11:00:00', opening, ...lines, ending, read).isAutoResolved).toBe(is);
  },
);

test('what a person reported or ended is not auto-resolved, and neither is what is open', () => {
  const ending: Line = ['10:30:00', 'tocsin', 'incident.resolved'];
  expect(numbersOf('11:00:00', ['10:00:00', 'ana', fires()], ending).isAutoResolved).toBe(false);
  expect(numbersOf('11:00:00', opening, ['10:30:00', 'ana', 'incident.resolved']).isAutoResolved).toBe(false);
  expect(numbersOf('11:00:00', opening).isAutoResolved).toBe(false);
});

test('an offender is the name of the alert; long ones are cut, and what people report has none', () => {
  const offender = (more: Parameters<typeof fires>[0], by = 'alertmanager') =>
    numbersOf('10:01:00', ['10:00:00', by, fires(more)]).offender;
  expect(offender({ labels: { alertname: 'DiskFull2' }, title: 'Disk 7' })).toBe('DiskFull2');
  expect(offender({ labels: { alertname: '' }, title: 'Disk 17' })).toBe('Disk #');
  expect(offender({ title: 'x'.repeat(200) })).toHaveLength(120);
  expect(offender({ alerts: [] }, 'ana')).toBeUndefined();
});

test('a private one names those who have a part in it, whether or not its context is at hand', () => {
  const incident = story(opened({ visibility: 'private' }));
  incident.does({ kind: 'user', id: 'ana' }, { type: 'responder.requested', user: 'zoe' });
  const timeline = incident.timeline();
  const now = timeline.at(-1)!.at;
  const { context } = incident.snapshot();
  expect(incidentNumbers(timeline, { now }).involved).toEqual(['zoe']);
  expect(incidentNumbers(timeline, { now, context }).involved).toEqual(['zoe']);
});
