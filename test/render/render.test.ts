import { expect, test } from 'vitest';
import { TIMER_KINDS } from '../../src/core/lifecycle/snapshot.ts';
import { createTocsin, measure } from '../../src/index.ts';
import { type TimelineEvent, timelineEventSchema } from '../../src/model/timeline.ts';
import { describeEvent, reviewMarkdown, timelineText } from '../../src/render/index.ts';
import { memoryStorage } from '../../src/storage/memory.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';

const NASTY = '<img src=x onerror=alert(1)> | # [x](javascript:1) `';

async function story() {
  const clock = virtualClock({ start: '2026-01-06T03:00:00Z' });
  const sms = recordingNotifier();
  const tocsin = createTocsin({
    clock,
    storage: memoryStorage({ clock }),
    notifiers: [sms],
    config: {
      users: [{ id: 'ana', name: 'Ana', contacts: [{ notifier: 'sms', address: '1' }] }, { id: 'chi' }],
      escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
      services: [{ id: 'checkout', escalationPolicy: 'default' }],
    },
  });
  const { id } = await tocsin.incidents.open({ title: NASTY, body: 'It ``` burns', service: 'checkout', by: 'chi' });
  await tocsin.tick();
  await clock.advance(90_000);
  await tocsin.incidents.acknowledge(id, { by: 'ana' });
  await tocsin.incidents.assignRole(id, { by: 'ana', role: 'scribe', user: 'chi' });
  await tocsin.incidents.addTask(id, { by: 'ana', title: NASTY });
  const incident = await tocsin.incidents.resolve(id, { by: 'ana', reason: 'restarted' });
  const timeline = await tocsin.incidents.timeline(id);
  return { incident, timeline };
}

test('a timeline is one line for each entry, in local time', async () => {
  const { timeline } = await story();
  expect(timelineText(timeline, { timeZone: 'America/New_York' }).split('\n')).toEqual([
    '22:00:00  Opened by chi: SEV2, high urgency, service checkout.',
    '22:00:00  Paged Ana (step 1, round 1).',
    '22:00:00  Reached ana by sms.',
    '22:01:30  Acknowledged by ana.',
    '22:01:30  ana made chi scribe.',
    `22:01:30  ana added a task: ${NASTY}.`,
    '22:01:30  Resolved by ana: restarted.',
  ]);
});

test('a line of a timeline is cut, and shown in UTC when no zone is named', async () => {
  const { timeline } = await story();
  expect(timelineText(timeline, { width: 12 }).split('\n')[0]).toBe('03:00:00  Opened by c…');
});

test('a review says the numbers and leaves the rest to people', async () => {
  const { incident, timeline } = await story();
  const page = reviewMarkdown({ incident, timeline, measurements: measure(timeline) });
  expect(page).toContain('SEV2 of service checkout, opened 2026-01-06 03:00:00 (UTC), now resolved.');
  expect(page).toContain('| Time to engage | 1m 30s |');
  expect(page).toContain('| Time to acknowledge | 1m 30s |');
  expect(page).toContain('- scribe: chi\n- responder: ana');
  expect(page).toContain('- What made sense at the time that looks different now?');
});

test('a review names everybody who did something, each once', async () => {
  const { incident, timeline } = await story();
  const parts = (more: object) => {
    const page = reviewMarkdown({ incident: { ...incident, ...more }, timeline, measurements: measure(timeline) });
    return page.slice(page.indexOf('## Who took part'), page.indexOf('## Timeline')).trim().split('\n').slice(2);
  };
  expect(parts({ roles: {} })).toEqual(['- responder: ana', '- took part: chi']);
  expect(parts({ roles: {}, acknowledgedBy: [], responders: {} })).toEqual(['- took part: chi', '- took part: ana']);
  expect(parts({ roles: { scribe: 'chi' }, responders: { ben: 'declined' } })).toEqual([
    '- scribe: chi',
    '- responder: ben',
    '- responder: ana',
  ]);
});

test.each(['Mars/Olympus', 'local', 'system', '', 7, null])('a zone that is none is refused: %s', async (zone) => {
  const { incident, timeline } = await story();
  const timeZone = zone as string;
  const refused = expect.objectContaining({
    code: 'INPUT_INVALID',
    details: { problems: [expect.objectContaining({ path: 'timeZone' })] },
  });
  const thrown = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };
  expect(thrown(() => timelineText(timeline, { timeZone }))).toEqual(refused);
  expect(thrown(() => timelineText([], { timeZone }))).toEqual(refused);
  expect(thrown(() => reviewMarkdown({ incident, timeline, measurements: measure(timeline), timeZone }))).toEqual(
    refused,
  );
});

test('text of strangers is never markup in a review', async () => {
  const { incident, timeline } = await story();
  const page = reviewMarkdown({ incident, timeline, measurements: measure(timeline) });
  expect(page.split('\n')[0]).toBe('# Review: &lt;img src=x onerror=alert(1)&gt; \\| \\# \\[x\\](javascript:1) \\`');
  expect(page).toContain('````text\nIt ``` burns\n````');
  expect(page).not.toContain('<');
});

test('what has not happened is said to be outstanding', async () => {
  const { incident, timeline } = await story();
  const opened = timeline.slice(0, 1).map((entry) => {
    if (entry.kind !== 'event') return entry;
    return { ...entry, event: { ...entry.event, by: { kind: 'source', id: 'alertmanager' } as const } };
  });
  const page = reviewMarkdown({
    incident: { ...incident, tasks: [], roles: {}, responders: {}, acknowledgedBy: [] },
    timeline: opened,
    measurements: measure(opened),
  });
  expect(page).toContain('| Time to resolve | not yet |');
  expect(page).toContain('- nobody yet');
  expect(page).toContain('- none yet');
});

test('a delivery that never arrived is told with its reason', async () => {
  const { timeline } = await story();
  const sent = timeline.flatMap((entry) => (entry.kind === 'delivery' ? [entry.delivery] : []))[0]!;
  const line = (delivery: typeof sent) => timelineText([{ kind: 'delivery', at: 0, delivery }]);
  expect(line({ ...sent, state: 'dead', error: 'no such number' })).toBe(
    '00:00:00  Could not reach ana by sms: no such number.',
  );
  expect(line({ ...sent, state: 'dead', error: undefined, user: undefined, channel: 'ops' })).toBe(
    '00:00:00  Could not reach #ops by sms: no reason given.',
  );
  const room = { ...sent, purpose: 'room', notifier: 'room:slack', state: 'dead', error: 'restricted_action' } as const;
  expect(line(room)).toBe('00:00:00  Could not keep its room:slack up to date: restricted_action.');
});

test('urgency that waits for support hours is told with how long it waits, and that they began', () => {
  const base = { seq: 1, at: 0, by: { kind: 'user', id: 'ana' } } as const;
  const opened = { severity: 'SEV2', urgency: 'low', service: 'checkout', urgencyRisesInMs: 34_200_000 };
  const told = (event: object) => describeEvent({ ...base, ...event } as TimelineEvent);
  expect(told({ type: 'incident.opened', ...opened })).toBe(
    'Opened by ana: SEV2, low urgency until support hours begin in 9h 30m, service checkout.',
  );
  expect(told({ type: 'severity.changed', direction: 'lowered', reason: 'it is slow only', ...opened })).toBe(
    'ana lowered the severity to SEV2 (low urgency until support hours begin in 9h 30m): it is slow only.',
  );
  expect(told({ type: 'urgency.raised', reason: 'support hours began' })).toBe(
    'High urgency from now on: support hours began.',
  );
  expect(told({ type: 'timer.fired', kind: 'supportHours' })).toBe('Support hours began.');
});

test('every event and every timer has its sentence', () => {
  const types = timelineEventSchema.options.map((option) => option.shape.type.value);
  const facts = {
    ladder: { policyId: 'p' },
    link: {},
    task: { title: 't' },
    draft: { audience: 'public', text: 'x' },
    alert: { title: 'a' },
    position: { step: 1, loop: 1 },
    recipients: [],
    users: ['ana'],
    errors: ['e'],
    roles: [],
    filled: [],
    tasks: [],
    fields: {},
    times: {},
  };
  for (const type of types) {
    const sentence = describeEvent({
      seq: 1,
      at: 0,
      by: { kind: 'system' },
      purpose: 'step',
      kind: 'step',
      ...facts,
      type,
    } as unknown as TimelineEvent);
    expect(sentence, type).toMatch(/\S/);
  }
  const timers = TIMER_KINDS.map((kind) =>
    describeEvent({ type: 'timer.fired', kind, seq: 1, at: 0, by: { kind: 'system' } }),
  );
  expect(new Set(timers).size).toBe(TIMER_KINDS.length);
  expect(timers.join()).not.toContain('Timer ');
});
