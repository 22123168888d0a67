/**
 * What the public may know of an incident: what was posted for it, and nothing of what its people know.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textsFor } from '../../../src/core/paging/message-texts.ts';
import { publicFacts, tellsMoreThan } from '../../../src/core/paging/public-facts.ts';
import type { PublicFacts } from '../../../src/model/message.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';

const SECRET = 'nobody-outside';
const alert = { id: 'a2', severity: 'SEV1', title: SECRET };
const NAMES: Readonly<Record<string, string>> = { checkout: 'Checkout', search: 'Search' };
const words = { local: textsFor('en'), componentName: (id: string) => NAMES[id] };

type Opened = Extract<EventDraft, { type: 'incident.opened' }>;
const opened = (more: Partial<Opened> = {}): EventDraft => ({
  type: 'incident.opened',
  incidentId: 'i1',
  title: SECRET,
  body: SECRET,
  service: 'checkout',
  severity: SECRET,
  urgency: 'high',
  visibility: 'public',
  labels: { host: SECRET },
  alerts: [{ id: 'a1', severity: 'SEV1', title: SECRET }],
  links: [{ href: `https://example.com/${SECRET}`, text: SECRET }],
  ladder: {
    policyId: SECRET,
    rungs: [],
    loops: 1,
    fallback: [],
    fallbackEveryMs: 0,
    acknowledgeTimeoutMs: null,
    repageOn: [],
  },
  settings: { holdMs: 0, clearForMs: 0, reopenWindowMs: 0, reminderMs: 0, updateEveryMs: null, reviewWithinMs: null },
  configVersion: '1',
  ...more,
});
type Posted = Extract<EventDraft, { type: 'update.posted' }>;
const posted = (text: string, more: Partial<Posted> = {}): EventDraft => ({
  type: 'update.posted',
  text,
  audience: 'public',
  ...more,
});

const timeline = (...drafts: readonly EventDraft[]): readonly TimelineEvent[] =>
  drafts.map(
    (draft, index): TimelineEvent => ({
      ...draft,
      seq: index + 1,
      at: (index + 1) * 1_000,
      by: { kind: 'user', id: SECRET },
    }),
  );
const factsOf = (...drafts: readonly EventDraft[]) => publicFacts(timeline(opened(), ...drafts), words);
const lines = (facts: PublicFacts | undefined) =>
  facts?.updates.map(({ id, status, text }) => `${id} ${status}: ${text}`);

test('nothing is public before somebody has posted for the public', () => {
  expect(publicFacts([], words)).toBeUndefined();
  expect(
    factsOf(
      { type: 'note.added', text: SECRET },
      posted(SECRET, { audience: 'internal', title: SECRET }),
      { type: 'cause.identified', cause: SECRET },
      { type: 'incident.resolved', reason: SECRET },
      { type: 'incident.reopened', reason: SECRET },
    ),
  ).toBeUndefined();
});

test('an update has the status that was posted with it, else that of its phase', () => {
  const facts = factsOf(
    posted('Looking.'),
    { type: 'cause.identified', cause: SECRET },
    posted('Found.'),
    posted('Watching.', { status: 'monitoring' }),
    { type: 'incident.mitigated' },
    posted('Still watching.'),
    { type: 'alert.joined', alert },
    posted('Looking again.'),
    { type: 'incident.mitigated' },
    { type: 'incident.absorbed', source: 'i2', alerts: [{ ...alert, status: 'firing' }], responders: [], tasks: [] },
    posted('And again.'),
  );
  expect(lines(facts)).toEqual([
    '2 investigating: Looking.',
    '4 identified: Found.',
    '5 monitoring: Watching.',
    '7 monitoring: Still watching.',
    '9 investigating: Looking again.',
    '12 investigating: And again.',
  ]);
  expect(facts).toMatchObject({ status: 'investigating', updates: [{ at: 2_000 }, {}, {}, {}, {}, {}] });
});

test.each<EventDraft>([
  { type: 'incident.resolved', reason: SECRET },
  { type: 'incident.dismissed', reason: SECRET },
  { type: 'incident.merged', into: SECRET },
])('its end is told in neutral words: $type', (end) => {
  const facts = factsOf(posted('Looking.', { components: { checkout: 'major_outage' } }), end);
  expect(lines(facts)).toEqual(['2 investigating: Looking.', '3 resolved: This incident is resolved.']);
  expect(facts).toMatchObject({ status: 'resolved', components: { checkout: 'operational' } });
});

test('an end that was posted is not told again, and what is posted after the end is resolved', () => {
  const facts = factsOf(
    posted('Fixed.', { status: 'resolved', components: { search: 'degraded_performance' } }),
    { type: 'incident.resolved' },
    posted('What it was.', { status: 'monitoring' }),
  );
  expect(lines(facts)).toEqual(['2 resolved: Fixed.', '4 resolved: What it was.']);
  expect(facts?.components).toEqual({ search: 'operational' });
});

test('that it is open again is told to those who were told that it is over', () => {
  const facts = factsOf(
    posted('Looking.'),
    { type: 'incident.resolved' },
    { type: 'incident.reopened', reason: SECRET },
    posted('Looking again.'),
  );
  expect(lines(facts)).toEqual([
    '2 investigating: Looking.',
    '3 resolved: This incident is resolved.',
    '4 investigating: This incident is open again. It is being investigated.',
    '5 investigating: Looking again.',
  ]);
});

test('the title is the last that was posted, else made of the components that it hit the hardest', () => {
  expect(factsOf(posted('x'))?.title).toBe('Incident');
  const components = { checkout: 'partial_outage', search: 'degraded_performance', [SECRET]: 'major_outage' } as const;
  expect(factsOf(posted('x', { components }))?.title).toBe('Checkout: partial outage');
  const both = factsOf(posted('x', { components }), posted('y', { components: { search: 'partial_outage' } }));
  expect(both?.title).toBe('Checkout, Search: partial outage');
  const over = factsOf(posted('x', { components }), { type: 'incident.resolved' });
  expect(over?.title).toBe('Checkout: partial outage');
  expect(factsOf(posted('x', { title: 'Slow' }), posted('y', { components }))?.title).toBe('Slow');
  const german = { ...words, local: textsFor('de') };
  expect(publicFacts(timeline(opened(), posted('x', { components })), german)?.title).toBe(
    'Checkout: teilweiser Ausfall',
  );
});

test('a component that an update does not name stays as it was', () => {
  const facts = factsOf(
    posted('x', { components: { checkout: 'major_outage', search: 'major_outage' } }),
    posted('y', { components: { search: 'operational' } }),
  );
  expect(facts?.components).toEqual({ checkout: 'major_outage', search: 'operational' });
});

test.each(['test', 'drill'] as const)('a %s is never public', (kind) => {
  expect(publicFacts(timeline(opened({ kind }), posted('x'), { type: 'incident.resolved' }), words)).toBeUndefined();
});

test('what was backfilled is public like what is real', () => {
  expect(publicFacts(timeline(opened({ kind: 'backfilled' }), posted('x')), words)).toBeDefined();
});

test('what is posted while an incident is private is never public, also when it is public later', () => {
  const drafts = [
    posted('Hidden.'),
    { type: 'incident.updated', visibility: 'public' },
    posted('Shown.'),
    { type: 'incident.updated', title: SECRET },
  ] satisfies EventDraft[];
  expect(lines(publicFacts(timeline(opened({ visibility: 'private' }), ...drafts), words))).toEqual([
    '4 investigating: Shown.',
  ]);
});

test('of what became private only its end is told, without a word of what was posted', () => {
  const drafts: readonly EventDraft[] = [
    posted('Looking.', { title: 'Slow' }),
    { type: 'incident.updated', visibility: 'private' },
  ];
  expect(factsOf(...drafts)).toBeUndefined();
  const end: EventDraft = { type: 'incident.resolved' };
  const hidden = factsOf(...drafts, posted('Hidden.', { title: 'Hidden' }), end);
  expect(hidden).toEqual({
    status: 'resolved',
    components: {},
    updates: [{ id: '5', at: 5_000, status: 'resolved', text: 'This incident is resolved.' }],
  });
  expect(factsOf(posted('It was Bob.', { status: 'resolved' }), drafts[1] as EventDraft, end)?.updates).toEqual([
    { id: '2', at: 2_000, status: 'resolved', text: 'This incident is resolved.' },
  ]);
  expect(factsOf(...drafts, end, { type: 'incident.reopened' })).toBeUndefined();
});

test('there is more to tell when the last update is later than what was told', () => {
  const facts = factsOf(posted('x'), posted('y'));
  expect([0, 2, 3, 9].map((seq) => tellsMoreThan(facts, seq))).toEqual([true, true, false, false]);
  expect(tellsMoreThan(undefined, 0)).toBe(false);
});

const draft: fc.Arbitrary<EventDraft> = fc.oneof(
  fc.constantFrom<EventDraft>(
    { type: 'note.added', text: SECRET },
    { type: 'incident.updated', title: SECRET, body: SECRET },
    { type: 'incident.updated', visibility: 'private' },
    { type: 'incident.updated', visibility: 'public' },
    { type: 'cause.identified', cause: SECRET },
    { type: 'incident.mitigated', reason: SECRET },
    { type: 'incident.resolved', reason: SECRET },
    { type: 'incident.dismissed', reason: SECRET },
    { type: 'incident.reopened', reason: SECRET },
    { type: 'role.assigned', role: SECRET, user: SECRET },
    { type: 'link.added', link: { href: `https://example.com/${SECRET}`, text: SECRET } },
    posted(SECRET, { audience: 'internal', title: SECRET, components: { checkout: 'major_outage' } }),
  ),
  fc.record({
    type: fc.constant('update.posted' as const),
    audience: fc.constant('public' as const),
    text: fc.constantFrom('Looking.', 'Found.'),
    components: fc.constantFrom({ checkout: 'major_outage' as const }, { [SECRET]: 'partial_outage' as const }),
  }),
);

test('whatever happens, nothing of what its people know is ever public', () => {
  fc.assert(
    fc.property(fc.array(draft, { maxLength: 20 }), fc.constantFrom('public', 'private'), (drafts, visibility) => {
      const facts = publicFacts(timeline(opened({ visibility }), ...drafts), words);
      const { components = {}, ...said } = facts ?? {};
      expect(JSON.stringify(said)).not.toContain(SECRET);
      expect(Object.values(components)).not.toContain(SECRET);
      const ids = facts?.updates.map(({ id }) => Number(id)) ?? [];
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      expect(facts?.status).toBe(facts?.updates.at(-1)?.status);
    }),
    { numRuns: 300 },
  );
});
