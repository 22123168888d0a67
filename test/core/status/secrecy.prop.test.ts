/** Whatever is stored: what is internal or private is in no picture for the public, and hostile records break nothing. */
import fc from 'fast-check';
import { readStatusRecord, type StatusRecord } from 'tocsin/status';
import { expect, test } from 'vitest';
import type { PublicMaintenance } from '../../../src/core/status/announced.ts';
import { IMPACTS } from '../../../src/model/status.ts';
import { compiled, DAY, NOON, override, record, shown, works } from './build.ts';

const SECRET = 'SECRET';
const near = fc.integer({ min: NOON - 3 * DAY, max: NOON + DAY });
const audiences = fc.constantFrom('internal' as const, 'public' as const);
const impacts = fc.dictionary(fc.constantFrom('checkout', 'search', 'docs', 'gone'), fc.constantFrom(...IMPACTS), {
  maxKeys: 3,
});
const statuses = fc.constantFrom(
  'investigating' as const,
  'identified' as const,
  'monitoring' as const,
  'resolved' as const,
);

const updates = fc.array(
  fc.record({
    at: near,
    audience: audiences,
    status: statuses,
    isSaid: fc.boolean(),
    hasTitle: fc.boolean(),
    seq: fc.nat(99),
  }),
  { maxLength: 5 },
);

/** Any record, in no sensible order: whatever is internal in it is called SECRET. */
const records: fc.Arbitrary<StatusRecord> = fc
  .record({
    openedAt: near,
    impactStartedAt: fc.option(near, { nil: undefined }),
    endedAt: fc.option(near, { nil: undefined }),
    outcome: fc.constantFrom<StatusRecord['outcome']>('open', 'open', 'resolved', 'closed', 'dismissed', 'merged'),
    kind: fc.constantFrom<StatusRecord['kind']>('real', 'real', 'backfilled', 'test', 'drill'),
    visibility: fc.constantFrom<StatusRecord['visibility']>('public', 'public', 'private'),
    spans: fc.array(fc.record({ at: near, impacts }), { maxLength: 5 }),
    phases: fc.array(fc.record({ at: near, status: fc.oneof(statuses, fc.constant('ended' as const)) }), {
      maxLength: 5,
    }),
    updates,
  })
  .map(({ updates: said, visibility, ...more }) => {
    const isSecret = (audience: string) => visibility === 'private' || audience === 'internal';
    const posted = said
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, audience, status, isSaid, hasTitle, seq }) => ({
        ...{ id: `i1:${seq}`, seq, at, audience, status },
        ...(isSaid && { isStatusSaid: true }),
        text: isSecret(audience) ? SECRET : 'public text',
        ...(hasTitle && { title: isSecret(audience) ? SECRET : 'Public title' }),
      }));
    const open = posted.filter(({ audience }) => audience === 'public');
    const publicTitle = open.findLast(({ title }) => title !== undefined)?.title;
    return record({
      ...more,
      visibility,
      title: SECRET,
      updates: posted,
      ...(publicTitle !== undefined && { publicTitle }),
      ...(open[0] !== undefined && { firstPublicAt: open[0].at }),
    });
  });

const maintenance: fc.Arbitrary<PublicMaintenance> = fc
  .record({ from: near, until: near, audience: audiences, at: near, cancelledAt: fc.option(near, { nil: undefined }) })
  .map(({ audience, at, cancelledAt, ...more }) =>
    works({
      ...more,
      ...(cancelledAt !== undefined && { cancelledAt }),
      createdAt: NOON - 4 * DAY,
      updates: [{ id: 'u', at, status: 'verifying', text: audience === 'internal' ? SECRET : 'Soon.', audience }],
    }),
  );

const status = compiled({
  pages: [
    { id: 'public', name: 'P' },
    { id: 'staff', name: 'S', audience: 'internal' },
    { id: 'some', name: 'Q', components: ['search'], locale: 'de', timeZone: 'America/New_York' },
  ],
});
const worlds = fc.record({
  records: fc.array(records, { maxLength: 6 }),
  maintenance: fc.array(maintenance, { maxLength: 3 }),
  overrides: fc.array(
    fc
      .record({ from: near, until: near, impact: fc.constantFrom(...IMPACTS) })
      .map((one) => override({ ...one, reason: SECRET, by: { kind: 'user', id: SECRET } })),
    { maxLength: 3 },
  ),
  at: near,
});

test('nothing internal and nothing private is ever in a picture for the public', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      for (const page of ['public', 'some', 'staff']) {
        const picture = shown({ ...world, page, status, audience: 'public' });
        expect(JSON.stringify(picture)).not.toContain(SECRET);
      }
      const ofPrivate = world.records.map((one) => ({ ...one, visibility: 'private' as const }));
      const without = { ...world, records: [] };
      for (const page of ['public', 'some', 'staff'])
        expect(shown({ ...world, records: ofPrivate, page, status })).toEqual(shown({ ...without, page, status }));
    }),
    { numRuns: 300 },
  );
});

test('a picture is sound, whatever the records say', () => {
  fc.assert(
    fc.property(worlds, fc.constantFrom('public', 'some', 'staff'), (world, page) => {
      const picture = shown({ ...world, page, status });
      // JSON has no NaN and nothing endless: what comes back as it was has neither.
      expect(JSON.parse(JSON.stringify(picture))).toEqual(JSON.parse(JSON.stringify(picture, finite)));
      expect(picture.updatedAt).toBeLessThanOrEqual(picture.at);
      const shownAt = [...picture.incidents, ...picture.past].map(({ updatedAt }) => updatedAt);
      expect(Math.max(picture.updatedAt, ...shownAt)).toBe(picture.updatedAt);
      expect(
        picture.incidents.every(({ resolvedAt, status: now }) => resolvedAt === undefined && now !== 'resolved'),
      ).toBe(true);
      expect(picture.past.every(({ resolvedAt, status: now }) => resolvedAt !== undefined && now === 'resolved')).toBe(
        true,
      );
      for (const { uptime } of picture.components) {
        if (uptime?.ratio !== undefined) expect(uptime.ratio >= 0 && uptime.ratio <= 1).toBe(true);
      }
      for (const { updates: told } of picture.incidents)
        expect(told.every(({ at }, place) => at <= (told[place - 1]?.at ?? at))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

function finite(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`found ${value}`);
  return value;
}

test('whatever storage returns is read or refused, and never thrown at anybody', () => {
  fc.assert(
    fc.property(fc.anything(), records, fc.string(), fc.anything(), (data, one, key, value) => {
      expect(() => readStatusRecord(data)).not.toThrow();
      expect(() => readStatusRecord({ ...one, [key]: value })).not.toThrow();
      expect(readStatusRecord(one)).toEqual(readStatusRecord({ ...one, extra: value }));
    }),
    { numRuns: 200 },
  );
});

test('names that are parts of every object are names like any other, or refused', () => {
  const spans = JSON.parse(`[{ "at": ${NOON - 9}, "impacts": { "__proto__": "major_outage" } }]`);
  expect(readStatusRecord({ ...record(), spans })?.spans[0]?.impacts ?? {}).toEqual({});
  expect(() => shown({ records: [record({ spans })] })).not.toThrow();
});

test('a hundred thousand overrides of one component, all at once, are seen through', () => {
  const overrides = Array.from({ length: 100_000 }, (_, n) =>
    override({
      id: `o${n}`,
      from: NOON - 200_000 + n,
      until: NOON + 1,
      impact: n % 2 === 0 ? 'partial_outage' : 'operational',
    }),
  );
  expect(shown({ overrides }).components[0]?.impact).toBe('operational');
});
