/**
 * The review of an incident: worked out by hand for a few lives, from the first alert to what was published.
 */
import { describe, expect, test } from 'vitest';
import type { TimelineItem } from '../../../src/core/text/describe-entry.ts';
import type { Delivery } from '../../../src/model/delivery.ts';
import type { EventDraft } from '../../../src/model/timeline.ts';
import { alert, ana, ben, DAY, HOUR, MINUTE, opened, person, severity, story, T0 } from '../lifecycle/support.ts';
import { actionItem, draft, inputOf, items, numbers, reviewOf, shop } from './reviews.ts';

const RESOLVED: EventDraft = { type: 'incident.resolved', reason: 'cleaned up' };

describe('an incident that was answered and resolved', () => {
  const life = story()
    .passes(2 * MINUTE)
    .does(ana, { type: 'incident.acknowledged' })
    .passes(8 * MINUTE)
    .does(ana, { type: 'note.added', text: 'The disk is full' })
    .passes(10 * MINUTE)
    .does(ana, { type: 'incident.mitigated' })
    .passes(20 * MINUTE)
    .does(ana, RESOLVED);
  const review = reviewOf(life.timeline());

  test('tells what happened, a sentence each, and what kind of thing it was', () => {
    expect(review.entries.map(({ at, kind, text }) => [(at - T0) / MINUTE, kind, text])).toEqual([
      [0, 'phase', 'Opened by alertmanager: SEV2, high urgency, service checkout.'],
      [0, 'page', 'Paged Ana Díaz (step 1, round 1).'],
      [2, 'acknowledgement', 'Acknowledged by Ana Díaz.'],
      [10, 'note', 'Ana Díaz: The disk is full'],
      [20, 'phase', 'Mitigated by Ana Díaz.'],
      [20, 'page', 'Told nobody that it is in monitoring.'],
      [40, 'phase', 'Resolved by Ana Díaz: cleaned up.'],
    ]);
  });

  test('is drawn from its first moment to its end', () => {
    expect(review.picture).toEqual({
      fromAt: T0,
      untilAt: T0 + 40 * MINUTE,
      alerts: [{ fromAt: T0, untilAt: T0 + 40 * MINUTE, label: 'Alert a1' }],
      phases: [
        { fromAt: T0, untilAt: T0 + 20 * MINUTE, label: 'triage', phase: 'triage' },
        { fromAt: T0 + 20 * MINUTE, untilAt: T0 + 40 * MINUTE, label: 'monitoring', phase: 'monitoring' },
      ],
      acknowledged: [{ fromAt: T0 + 2 * MINUTE, untilAt: T0 + 40 * MINUTE, label: 'Ana Díaz' }],
      snoozed: [],
      severities: [{ fromAt: T0, untilAt: T0 + 40 * MINUTE, label: 'SEV2', severity: 'SEV2', rank: 1 }],
      pages: [{ at: T0, label: 'Ana Díaz', isAlarming: false }],
      updates: [],
    });
  });

  test('was noticed by an alert, and says so', () => {
    expect(review.detection).toEqual({ by: 'alert', what: 'alertmanager: Alert a1' });
    expect(review.incident).toEqual({
      id: 'i1',
      title: 'Checkout fails',
      service: 'checkout',
      serviceName: 'Checkout',
      severity: 'SEV2',
      kind: 'real',
      visibility: 'public',
      phase: 'resolved',
      openedAt: T0,
      endedAt: T0 + 40 * MINUTE,
    });
  });

  test('lacks its summary until somebody has written it', () => {
    expect(review.missing).toEqual(['summary']);
    expect(reviewOf(life.timeline(), { stored: draft() }).missing).toEqual([]);
    const blank = draft({ content: { answers: { summary: ' \n' }, factors: [] } });
    expect(reviewOf(life.timeline(), { stored: blank }).missing).toEqual(['summary']);
  });
});

const minutes = (spans: readonly { readonly fromAt: number; readonly untilAt?: number; readonly label: string }[]) =>
  spans.map(({ fromAt, untilAt, label }) => [
    (fromAt - T0) / MINUTE,
    untilAt === undefined ? 'still' : (untilAt - T0) / MINUTE,
    label,
  ]);

describe('the picture', () => {
  test('of what was reopened has both times, and goes on for as long as it is open', () => {
    const events = story()
      .passes(10 * MINUTE)
      .does(ana, { type: 'incident.acknowledged' }, RESOLVED)
      .passes(20 * MINUTE)
      .does(ana, { type: 'incident.reopened', alert: alert('a2') })
      .passes(MINUTE)
      .does(ben, { type: 'incident.acknowledged' })
      .timeline();
    const { picture, incident } = reviewOf(events, { now: T0 + HOUR });
    expect(incident.endedAt).toBeUndefined();
    expect(picture.untilAt).toBe(T0 + HOUR);
    expect(minutes(picture.phases)).toEqual([
      [0, 10, 'triage'],
      [10, 30, 'resolved'],
      [30, 'still', 'triage'],
    ]);
    expect(minutes(picture.alerts)).toEqual([
      [0, 10, 'Alert a1'],
      [30, 'still', 'Alert a2'],
    ]);
    expect(minutes(picture.acknowledged)).toEqual([[31, 'still', 'ben']]);
  });

  test('of what was merged ends with that', () => {
    const events = story()
      .passes(3 * MINUTE)
      .does(ana, { type: 'incident.merged', into: 'i9' })
      .timeline();
    const { picture, incident, impact } = reviewOf(events, { now: T0 + DAY });
    expect(incident).toMatchObject({ phase: 'merged', endedAt: T0 + 3 * MINUTE });
    expect(minutes(picture.alerts)).toEqual([[0, 3, 'Alert a1']]);
    expect(minutes(picture.phases)).toEqual([[0, 3, 'triage']]);
    expect(impact.endedAt).toBeUndefined();
  });

  test('shows who had acknowledged when, until it expired, and who snoozed it until when', () => {
    const events = story()
      .passes(MINUTE)
      .does(ana, { type: 'incident.acknowledged' })
      .passes(9 * MINUTE)
      .does(ben, { type: 'incident.acknowledged' })
      .passes(35 * MINUTE)
      .does(ben, { type: 'incident.snoozed', forMs: HOUR })
      .passes(2 * HOUR)
      .timeline();
    const { picture, entries } = reviewOf(events);
    expect(minutes(picture.acknowledged)).toEqual([
      [1, 10, 'Ana Díaz'],
      [10, 40, 'Ana Díaz, ben'],
    ]);
    expect(minutes(picture.snoozed)).toEqual([[45, 105, 'ben']]);
    expect(entries.find(({ text }) => text.startsWith('Unacknowledged'))?.isAlarming).toBe(true);
  });

  test('of what nobody ever acknowledged shows each page that went out, and those that reached nobody', () => {
    const life = story();
    life.onCall.secondary = [];
    const late = life.passes(16 * MINUTE).timeline();
    const { picture, people } = reviewOf(late, {
      numbers: numbers({ people: [{ user: 'ana', pagedAt: [T0], acknowledgements: 0, engagedMs: 0 }] }),
    });
    expect(picture.acknowledged).toEqual([]);
    expect(picture.pages.map(({ at, label, isAlarming }) => [(at - T0) / MINUTE, label, isAlarming])).toEqual([
      [0, 'Ana Díaz', false],
      [5, 'nobody', true],
      [5, 'boss', false],
    ]);
    expect(people).toEqual([{ name: 'Ana Díaz', parts: ['was paged'], pages: 1, engagedMs: 0 }]);
  });

  test('marks a page of which nothing arrived', () => {
    const events = story()
      .does(ana, {
        type: 'page.failed',
        page: 2,
        purpose: 'responder',
        position: { cycle: 1, loop: 1, step: 1 },
        errors: ['no such number'],
      })
      .timeline();
    expect(reviewOf(events).picture.pages[0]).toMatchObject({ label: 'Ana Díaz', isAlarming: true });
  });

  test('of what was written down later shows when it happened, with no page and nobody who was asked', () => {
    const times = {
      impactStartedAt: T0 - 5 * HOUR,
      detectedAt: T0 - 4 * HOUR,
      mitigatedAt: T0 - 2 * HOUR,
      resolvedAt: T0 - HOUR,
    };
    const first = opened({ kind: 'backfilled', alerts: [], times });
    const events = story(first, { by: ana }).does(ana, { type: 'incident.mitigated' }, { type: 'incident.resolved' });
    const { picture, impact, incident, detection } = reviewOf(events.timeline());
    expect(picture).toMatchObject({ fromAt: T0 - 5 * HOUR, untilAt: T0 - HOUR, pages: [], alerts: [] });
    expect(minutes(picture.phases)).toEqual([
      [-240, -120, 'triage'],
      [-120, -60, 'monitoring'],
    ]);
    expect(impact).toMatchObject({ startedAt: T0 - 5 * HOUR, endedAt: T0 - 2 * HOUR, durationMs: 3 * HOUR });
    expect(incident.endedAt).toBe(T0 - HOUR);
    expect(detection).toEqual({ by: 'person', what: 'Ana Díaz' });
  });

  test('goes back to the investigation when an alert fires while it is watched', () => {
    const events = story()
      .does(ana, { type: 'incident.acknowledged' }, { type: 'incident.mitigated' })
      .passes(5 * MINUTE)
      .does({ kind: 'source', id: 'alertmanager' }, { type: 'alert.joined', alert: alert('a2') })
      .passes(5 * MINUTE)
      .does(ana, RESOLVED)
      .timeline();
    const { picture, impact } = reviewOf(events);
    expect(minutes(picture.phases)).toEqual([
      [0, 5, 'monitoring'],
      [5, 10, 'investigating'],
    ]);
    expect(impact.endedAt).toBe(T0 + 10 * MINUTE);
  });

  test('shows the severities one after the other', () => {
    const events = story().passes(MINUTE).does(ana, severity('raised')).timeline();
    expect(minutes(reviewOf(events).picture.severities)).toEqual([
      [0, 1, 'SEV2'],
      [1, 'still', 'SEV1'],
    ]);
  });
});

describe('the impact', () => {
  const config = shop({
    status: {
      components: [
        { id: 'web', name: 'Web shop', services: ['checkout'] },
        { id: 'app', name: 'App' },
        { id: 'tills', name: 'Tills', services: ['till'] },
      ],
    },
    incidents: {
      fields: [
        { id: 'customers', name: 'Customers', type: 'number' },
        { id: 'since', type: 'date' },
        { id: 'known', type: 'boolean' },
        { id: 'owner', type: 'user' },
        { id: 'regions', type: 'multiSelect', options: ['eu', 'us'] },
      ],
    },
    reviews: { blameless: false, timeZone: 'America/New_York' },
  });

  test('names the services, those that were merged into it among them, and the worst that components were', () => {
    const events = story()
      .does(ana, { type: 'update.posted', text: 'a', audience: 'public', components: { app: 'degraded_performance' } })
      .does(ana, { type: 'update.posted', text: 'b', audience: 'public', components: { web: 'operational' } })
      .does(ana, { type: 'update.posted', text: 'c', audience: 'internal', components: { app: 'major_outage' } })
      .does(ana, severity('raised'), severity('lowered'))
      .timeline();
    const { impact } = reviewOf(events, { config, absorbedServices: ['till', 'checkout'] });
    expect(impact).toMatchObject({ services: ['Checkout', 'till'], publicUpdates: 2 });
    expect(impact.components).toEqual([
      { id: 'web', name: 'Web shop', worst: 'major_outage' },
      { id: 'app', name: 'App', worst: 'degraded_performance' },
      { id: 'tills', name: 'Tills', worst: 'major_outage' },
    ]);
  });

  test('says how long it hurt only when somebody said since when', () => {
    const life = story().passes(HOUR).does(ana, RESOLVED);
    expect(reviewOf(life.timeline()).impact).not.toHaveProperty('durationMs');
    life.does(ana, { type: 'times.corrected', times: { impactStartedAt: { to: T0 - HOUR } } });
    expect(reviewOf(life.timeline()).impact.durationMs).toBe(2 * HOUR);
    life.does(ana, { type: 'times.corrected', times: { resolvedAt: { to: T0 + MINUTE } } });
    const { impact, incident, picture } = reviewOf(life.timeline());
    expect(impact.durationMs).toBe(HOUR + MINUTE);
    expect(incident.endedAt).toBe(T0 + MINUTE);
    expect(picture).toMatchObject({ fromAt: T0 - HOUR, untilAt: T0 + MINUTE });
  });

  test('has what was filled in as text, in the order of the configuration', () => {
    const fields = { gone: 'x', regions: ['eu', 'us'], owner: 'ana', known: false, since: T0, customers: 1_200.5 };
    const events = story().does(ana, { type: 'fields.set', fields }).timeline();
    expect(reviewOf(events, { config }).impact.fields).toEqual([
      { name: 'Customers', value: '1,200.5' },
      { name: 'since', value: '2026-01-05 04:00' },
      { name: 'known', value: 'no' },
      { name: 'owner', value: 'Ana Díaz' },
      { name: 'regions', value: 'eu, us' },
      { name: 'gone', value: 'x' },
    ]);
  });
});

describe('who took part', () => {
  test('whoever has a role comes first, then who responded, then everybody else', () => {
    const events = story(undefined, { by: ben })
      .does(person('dee'), { type: 'note.added', text: 'Looks bad' })
      .does(person('cho'), { type: 'incident.acknowledged' })
      .does(ben, { type: 'role.assigned', role: 'commander', user: 'ana', previous: null })
      .does(ben, { type: 'role.assigned', role: 'commander', user: 'boss', previous: 'ana' })
      .does(ben, { type: 'role.assigned', role: 'scribe', user: 'boss', previous: null })
      .timeline();
    expect(reviewOf(events).people.map(({ name, parts }) => [name, ...parts])).toEqual([
      ['boss', 'commander', 'scribe'],
      ['cho', 'acknowledged it'],
      ['ben', 'opened it'],
      ['Ana Díaz', 'commander for a time'],
      ['dee', 'took part'],
    ]);
  });

  test('whoever only looks back at it took no part in it', () => {
    const events = story(undefined, { by: ben })
      .does(ben, { type: 'incident.resolved' })
      .does(person('dee'), { type: 'review.started' })
      .timeline();
    expect(reviewOf(events).people.map(({ name }) => name)).toEqual(['ben']);
  });
});

describe('what is decided', () => {
  const config = shop({
    reviews: {
      blameless: false,
      categories: [{ id: 'process', name: 'How we work' }],
      actionItems: { priorities: [{ id: 'now', name: 'At once', dueWithin: '1d' }] },
    },
  });
  const events = story().does(ana, RESOLVED).timeline();

  test('is overdue when its moment has passed and nobody has done or dropped it', () => {
    const item = (id: string, more: Parameters<typeof actionItem>[0]) => actionItem({ id, dueAt: T0 + HOUR, ...more });
    const { actionItems } = reviewOf(events, {
      config,
      now: T0 + HOUR,
      actionItems: [
        item('late', {
          owner: 'ana',
          priority: 'now',
          external: { tracker: 'jira', id: 'X-1', url: 'https://x.org/1' },
        }),
        item('working', { status: 'inProgress' }),
        item('done', { status: 'done' }),
        item('later', { dueAt: T0 + HOUR + 1 }),
      ],
    });
    expect(actionItems.map(({ id, isOverdue }) => [id, isOverdue])).toEqual([
      ['late', true],
      ['working', true],
      ['done', false],
      ['later', false],
    ]);
    expect(actionItems[0]).toMatchObject({ owner: 'Ana Díaz', priority: 'At once', url: 'https://x.org/1' });
  });

  test('factors are called by their category', () => {
    const factors = [
      { id: 'f1', text: 'One key for all', category: 'process' },
      { id: 'f2', text: 'Night', category: 'gone' },
    ];
    expect(reviewOf(events, { config, stored: draft({ content: { answers: {}, factors } }) }).factors).toEqual([
      { ...factors[0], categoryName: 'How we work' },
      factors[1],
    ]);
  });

  test('a task that nobody has done is listed by its title', () => {
    const tasks = story()
      .does(ana, { type: 'task.added', task: { id: 't1', title: 'Call', status: 'open' } })
      .does(ana, { type: 'task.added', task: { id: 't2', title: 'Write', status: 'open' } })
      .does(ana, { type: 'task.completed', task: 't1' });
    const { openTasks, entries } = reviewOf(tasks.timeline());
    expect(openTasks).toEqual(['Write']);
    expect(entries.at(-1)?.text).toBe('Ana Díaz completed task Call.');
  });
});

describe('a pinned entry', () => {
  test('is marked, and that it was pinned is no entry', () => {
    const events = story()
      .does(ana, { type: 'note.added', text: 'Look here' })
      .does(ana, { type: 'entry.pinned', entry: 3 })
      .timeline();
    const { entries } = reviewOf(events);
    expect(entries.filter(({ isPinned }) => isPinned).map(({ text }) => text)).toEqual(['Ana Díaz: Look here']);
    expect(entries).toHaveLength(3);
  });

  test('a link to the room of the incident is one of the chat, any other is not', () => {
    const config = shop({ chatRooms: [{ id: 'room', chatRoom: 'slack' }] });
    const link = (mirror: string) => ({ external: { platform: 'slack', id: 'C1', mirror } });
    const events = story()
      .does(ana, { type: 'link.added', link: link('room') })
      .does(ana, { type: 'link.added', link: link('pager') })
      .does(ana, { type: 'link.added', link: { href: 'https://meet.example.org/', kind: 'warRoom' } })
      .timeline();
    const { entries } = reviewOf(events, { config });
    expect(entries.slice(-3).map(({ kind }) => kind)).toEqual(['chat', 'other', 'chat']);
  });
});

describe('a published review', () => {
  const life = story()
    .passes(HOUR)
    .does(ana, RESOLVED)
    .does(ana, { type: 'review.started' }, { type: 'review.published' });
  const seq = life.snapshot().seq;
  const publication = {
    ...{ revision: 1, seq, at: T0 + HOUR, by: ana },
    content: { answers: { summary: 'As published' }, factors: [] },
  };
  const stored = draft({
    content: { answers: { summary: 'Written since' }, factors: [] },
    publications: [
      publication,
      { ...publication, revision: 2, content: { answers: { summary: 'Again' }, factors: [] } },
    ],
  });
  const events = life
    .passes(HOUR)
    .does(ana, { type: 'note.added', text: 'Too late' }, { type: 'incident.updated', title: 'Another title' })
    .timeline();

  test('is the latest as it was published, with nothing of what came later', () => {
    const review = reviewOf(events, { stored, now: T0 + DAY });
    expect(review).toMatchObject({ state: 'published', revision: 2, publishedAt: T0 + HOUR });
    expect(review.sections[0]?.answer).toBe('Again');
    expect(review.incident.title).toBe('Checkout fails');
    expect(review.entries.at(-1)?.text).toBe('Ana Díaz published the review.');
  });

  test('has the action items of today', () => {
    const { actionItems } = reviewOf(events, {
      stored,
      now: T0 + DAY,
      actionItems: [actionItem({ dueAt: T0 + HOUR })],
    });
    expect(actionItems[0]?.isOverdue).toBe(true);
  });

  test('can be read in an earlier revision, and in none that there never was', () => {
    expect(reviewOf(events, { stored, revision: 1 }).sections[0]?.answer).toBe('As published');
    expect(() => reviewOf(events, { stored, revision: 3 })).toThrow(
      'Cannot build the review: there is no revision 3 of the review of incident i1; known: 1, 2.',
    );
    expect(() => reviewOf(events, { revision: 1 })).toThrow(/known: none/);
  });

  test('is the same for a part that is read back and for one that stands there still', () => {
    const before = events.filter((event) => event.seq <= seq);
    const { title: _, ...first } = reviewOf(before, { stored }).incident;
    const { title: _t, ...second } = reviewOf(events, { stored }).incident;
    expect(second).toEqual(first);
  });
});

test('deliveries that ended are told, those that nobody who responds needs are not', () => {
  const delivery = (id: string, more: Partial<Delivery>): TimelineItem => ({
    kind: 'delivery',
    at: new Date(T0),
    delivery: {
      ...{ id, tenant: 'default', incidentId: 'i1', page: 2, purpose: 'step', contact: 'sms', notifier: 'sms' },
      ...{ position: { cycle: 1, loop: 1, step: 1 }, address: '+1', urgency: 'high', state: 'sent', attempts: 1 },
      ...{ requestedAt: new Date(T0), dueAt: new Date(T0), user: 'ana' },
      ...more,
    },
  });
  const events = story().timeline();
  const timeline = [
    ...items(events),
    delivery('1', {}),
    delivery('2', { state: 'dead', error: 'busy' }),
    delivery('3', { purpose: 'mirror', notifier: 'pagerduty' }),
    delivery('4', { purpose: 'mirror', notifier: 'pagerduty', state: 'dead' }),
    delivery('5', { purpose: 'announcement', state: 'dead' }),
    delivery('6', { state: 'withdrawn' }),
  ];
  const { entries } = reviewOf(events, { ...inputOf(events), timeline });
  expect(entries.slice(2).map(({ text, isAlarming }) => [text, isAlarming])).toEqual([
    ['Reached Ana Díaz by sms.', false],
    ['Could not reach Ana Díaz by sms: busy.', true],
    ['Could not mirror by pagerduty: no reason given.', true],
  ]);
});
