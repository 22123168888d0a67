/**
 * Reviews in the engine: what may be written, by whom, and what happens when two do so at once.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, memoryStorage, type Storage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { conflicting, faulty } from './faults.ts';
import { config, events, refusal, T0, types, type World, type WorldOptions, world } from './world.ts';

const severity: ConfigInput['severity'] = {
  levels: [{ id: 'SEV1', review: 'required', reviewWithin: '3d' }, { id: 'SEV2' }],
};
const given = (reviews: ConfigInput['reviews'] = {}, options: WorldOptions = {}): World =>
  world({ config: config({ severity, reviews }), ...options });
const template = {
  id: 'short',
  sections: [
    { id: 'what', required: true },
    { id: 'why', kind: 'factors' as const },
  ],
};

/** An incident that ana resolved. */
async function ended({ tocsin }: Pick<World, 'tocsin'>, more: object = {}): Promise<string> {
  const { id } = await tocsin.incidents.open({
    by: 'ana',
    title: 'Disk full',
    service: 'checkout',
    severity: 'SEV1',
    ...more,
  });
  await tocsin.incidents.resolve(id, { by: 'ana' });
  return id;
}

async function begun(w: Pick<World, 'tocsin'>, more: object = {}): Promise<string> {
  const id = await ended(w, more);
  await w.tocsin.reviews.start(id, { by: 'ana' });
  return id;
}

const stored = async (storage: Storage, id: string, tenant = 'default') =>
  (await storage.load({ tenant, documents: [{ collection: 'reviews', id }] })).documents[0];
const answer = async ({ tocsin }: Pick<World, 'tocsin'>, id: string, section = 'what') =>
  (await tocsin.reviews.get(id)).sections.find((one) => one.id === section)?.answer;

describe('how far it is', () => {
  test('is decided by the statechart, and a refusal says what is allowed now', async () => {
    const w = given({ templates: [template] });
    const { id } = await w.tocsin.incidents.open({
      by: 'ana',
      title: 'Disk full',
      service: 'checkout',
      severity: 'SEV1',
    });
    const early = await refusal(() => w.tocsin.reviews.start(id, { by: 'ana' }), 'INVALID_TRANSITION');
    expect(early.message).toBe(
      `Cannot start the review of incident ${id}: it is triage, and its review is notNeeded. Allowed now: nothing.`,
    );
    await w.tocsin.incidents.resolve(id, { by: 'ana' });
    const unwritten = await refusal(
      () => w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } }),
      'INVALID_TRANSITION',
    );
    expect(unwritten.details).toMatchObject({ command: 'reviews.edit', allowed: ['start', 'waive'] });
    await w.tocsin.reviews.start(id, { by: 'ana' });
    const twice = await refusal(() => w.tocsin.reviews.start(id, { by: 'ana' }), 'INVALID_TRANSITION');
    expect(twice.details).toMatchObject({ allowed: ['edit', 'submit', 'publish', 'waive'] });
  });

  test('one that no severity asks for may be asked for, or begun at once', async () => {
    const w = given();
    const asked = await ended(w, { severity: 'SEV2' });
    expect((await w.tocsin.reviews.get(asked)).state).toBe('notNeeded');
    expect((await w.tocsin.reviews.request(asked, { by: 'ana' })).state).toBe('pending');
    const begunAtOnce = await ended(w, { severity: 'SEV2' });
    expect((await w.tocsin.reviews.start(begunAtOnce, { by: 'ana' })).state).toBe('draft');
  });

  test('an unknown incident, and one of another tenant, is not found', async () => {
    const w = given();
    const id = await begun(w);
    const other = w.tocsin.forTenant('other', { config: config({ severity }) });
    for (const call of [
      () => other.reviews.get(id),
      () => other.reviews.edit(id, { by: 'ana', answers: {} }),
      () => other.reviews.publish(id, { by: 'ana' }),
      () => other.reviews.similar(id),
      () => w.tocsin.reviews.start('nowhere', { by: 'ana' }),
    ])
      await refusal(call, 'INCIDENT_NOT_FOUND');
    expect(await other.reviews.list()).toEqual({ items: [] });
  });
});

describe('the template', () => {
  test('is that of the day on which the review was begun, whatever the configuration says later', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const before = given({ templates: [template] }, { clock, storage });
    const id = await begun(before);
    await before.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'A disk was full.' } });
    const after = given({ templates: [{ ...template, sections: [{ id: 'other' }] }] }, { clock, storage });
    const { sections, template: name } = await after.tocsin.reviews.get(id);
    expect([name, ...sections.map((section) => section.id)]).toEqual(['short', 'what', 'why']);
    await after.tocsin.reviews.edit(id, { by: 'ben', answers: { what: 'Two disks were full.' } });
    expect(await answer(after, id)).toBe('Two disks were full.');
  });
});

describe('an edit', () => {
  test('changes what it names, empties what it names as null, and keeps the rest', async () => {
    const w = given({ templates: [{ ...template, sections: [...template.sections, { id: 'more' }] }] });
    const id = await begun(w);
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: '  A disk\u0000 was full. ', more: 'Hm.' } });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { more: null } });
    expect([await answer(w, id), await answer(w, id, 'more')]).toEqual(['A disk was full.', undefined]);
  });

  test('that changes nothing writes nothing, and makes nobody an author', async () => {
    const w = given({ templates: [template], categories: [{ id: 'tooling' }] });
    const id = await begun(w);
    const factors = [{ id: 'f1', text: 'No alert on disks', category: 'tooling' }];
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' }, factors });
    const before = await stored(w.storage, id);
    await w.tocsin.reviews.edit(id, { by: 'ben', answers: { what: ' x ' }, factors });
    await w.tocsin.reviews.edit(id, { by: 'ben' });
    expect(await stored(w.storage, id)).toEqual(before);
    expect(before?.data).toMatchObject({ authors: [{ kind: 'user', id: 'ana' }], editedAt: T0 });
  });

  test('keeps each author once', async () => {
    const w = given({ templates: [template] });
    const id = await begun(w);
    const hands = ['ana', 'ben', 'ana', { kind: 'source', id: 'ana' } as const];
    for (const [index, by] of hands.entries())
      await w.tocsin.reviews.edit(id, { by, answers: { what: `version ${index}` } });
    expect((await stored(w.storage, id))?.data).toMatchObject({
      authors: [
        { kind: 'user', id: 'ana' },
        { kind: 'user', id: 'ben' },
        { kind: 'source', id: 'ana' },
      ],
    });
  });

  test('gives a factor without an id one, and refuses two of one id', async () => {
    const w = given({ templates: [template] });
    const id = await begun(w);
    const { factors } = await w.tocsin.reviews.edit(id, { by: 'ana', factors: [{ text: 'One' }, { text: 'Two' }] });
    expect(new Set(factors.map((factor) => factor.id)).size).toBe(2);
    const error = await refusal(
      () =>
        w.tocsin.reviews.edit(id, {
          by: 'ana',
          factors: [
            { id: 'f', text: 'a' },
            { id: 'f', text: 'b' },
          ],
        }),
      'INPUT_INVALID',
    );
    expect(error.details).toMatchObject({ problems: [{ path: 'factors[1].id' }] });
  });

  test.each([
    [
      'a section',
      { answers: { waht: 'x' } },
      'answers.waht',
      'Cannot edit the review: answers.waht: there is no section waht; known: what, why.',
    ],
    [
      'a category',
      { factors: [{ text: 'x', category: 'cpu' }] },
      'factors[0].category',
      'Cannot edit the review: factors[0].category: there is no category cpu; known: tooling.',
    ],
  ])('names %s that there is', async (_, edit, path, message) => {
    const w = given({ templates: [template], categories: [{ id: 'tooling' }] });
    const id = await begun(w);
    const error = await refusal(() => w.tocsin.reviews.edit(id, { by: 'ana', ...edit }), 'REFERENCE_UNKNOWN');
    expect(error.message).toBe(message);
    expect(error.details).toMatchObject({ problems: [{ path }] });
  });

  test('a factor keeps a category that was taken out of the configuration', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const before = given({ templates: [template], categories: [{ id: 'tooling' }] }, { clock, storage });
    const id = await begun(before);
    await before.tocsin.reviews.edit(id, { by: 'ana', factors: [{ id: 'f', text: 'a', category: 'tooling' }] });
    const after = given({ templates: [template] }, { clock, storage });
    const { factors } = await after.tocsin.reviews.edit(id, {
      by: 'ana',
      factors: [{ id: 'f', text: 'b', category: 'tooling' }],
    });
    expect(factors).toMatchObject([{ id: 'f', text: 'b', category: 'tooling' }]);
  });

  test.each([
    ['a section of more than 64 KiB', { answers: { what: 'x'.repeat(65_537) } }, 'answers.what'],
    ['more than 200 factors', { factors: Array.from({ length: 201 }, () => ({ text: 'x' })) }, 'factors'],
    ['a factor of white space', { factors: [{ text: ' ' }] }, 'factors.0.text'],
    ['a reserved name', { answers: { constructor: 'x' } }, 'answers.constructor'],
    ['what is unknown', { answer: {} }, 'answer'],
  ])('of %s is refused', async (_, edit, path) => {
    const w = given({ templates: [template] });
    const id = await begun(w);
    const error = await refusal(() => w.tocsin.reviews.edit(id, { by: 'ana', ...(edit as object) }), 'INPUT_INVALID');
    expect((error.details as { problems: { path: string }[] }).problems.map((one) => one.path)).toEqual([path]);
  });

  test('together people write at most 512 KiB', async () => {
    const sections = Array.from({ length: 9 }, (_, index) => ({ id: `s${index}` }));
    const w = given({ templates: [{ id: 'long', sections }] });
    const id = await begun(w);
    const text = 'x'.repeat(65_536);
    const most = Object.fromEntries(sections.slice(0, 8).map((section) => [section.id, text]));
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: most });
    const error = await refusal(() => w.tocsin.reviews.edit(id, { by: 'ana', answers: { s8: 'x' } }), 'INPUT_INVALID');
    expect(error.message).toContain('524,289 characters, and 524,288 are the most');
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { s0: null, s8: 'x' } });
  });
});

describe('two at once', () => {
  /** Two processes on one storage; before the next commit of the first, `meanwhile` happens. */
  async function nodes() {
    const clock = virtualClock({ start: T0 });
    const shared = memoryStorage({ clock });
    let meanwhile: (() => Promise<unknown>) | undefined;
    const interrupted = faulty(shared, ['commit'], async (proceed) => {
      const work = meanwhile;
      meanwhile = undefined;
      await work?.();
      return proceed();
    });
    const reviews = { templates: [template] };
    const [one, other] = [given(reviews, { clock, storage: interrupted }), given(reviews, { clock, storage: shared })];
    const id = await begun(one);
    await one.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'A disk was full.' } });
    const beforeCommit = (work: () => Promise<unknown>) => {
      meanwhile = work;
    };
    return { one, other, id, shared, beforeCommit };
  }

  test('both edits of two sections land, and neither is lost', async () => {
    const { one, other, id, beforeCommit } = await nodes();
    beforeCommit(() => other.tocsin.reviews.edit(id, { by: 'ben', factors: [{ id: 'f', text: 'No alert' }] }));
    await one.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'Two disks were full.' } });
    expect(await other.tocsin.reviews.get(id)).toMatchObject({ factors: [{ text: 'No alert' }] });
    expect(await answer(other, id)).toBe('Two disks were full.');
  });

  test('an edit that a publication overtakes is refused, and what was published is what was read', async () => {
    const { one, other, id, beforeCommit, shared } = await nodes();
    beforeCommit(() => other.tocsin.reviews.publish(id, { by: 'ben' }));
    await refusal(() => one.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'Late.' } }), 'INVALID_TRANSITION');
    expect(await answer(other, id)).toBe('A disk was full.');
    expect((await stored(shared, id))?.data).toMatchObject({
      content: { answers: { what: 'A disk was full.' } },
      publications: [{ content: { answers: { what: 'A disk was full.' } } }],
    });
  });

  test('what an edit empties meanwhile is not handed in', async () => {
    const { one, other, id, beforeCommit } = await nodes();
    beforeCommit(() => other.tocsin.reviews.edit(id, { by: 'ben', answers: { what: null } }));
    const error = await refusal(() => one.tocsin.reviews.submit(id, { by: 'ana' }), 'REVIEW_INCOMPLETE');
    expect(error.details).toMatchObject({ missing: ['what'] });
    expect((await other.tocsin.reviews.get(id)).state).toBe('draft');
  });

  test('of two who publish at once one does, and the other is told', async () => {
    const { one, other, id, beforeCommit } = await nodes();
    beforeCommit(() => other.tocsin.reviews.publish(id, { by: 'ben' }));
    const error = await refusal(() => one.tocsin.reviews.publish(id, { by: 'ana' }), 'INVALID_TRANSITION');
    expect(error.details).toMatchObject({ allowed: ['return'] });
    expect((await types(other.tocsin, id)).filter((type) => type === 'review.published')).toHaveLength(1);
  });

  test('a conflict of the storage is decided anew, and writes once', async () => {
    const clock = virtualClock({ start: T0 });
    const shared = memoryStorage({ clock });
    let isOn = false;
    const conflict = conflicting(3);
    const storage = faulty(shared, ['commit'], (proceed, method, args) =>
      isOn ? conflict(proceed, method, args) : proceed(),
    );
    const w = given({ templates: [template] }, { clock, storage });
    const id = await begun(w);
    isOn = true;
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } });
    expect((await stored(shared, id))?.version).toBe(2);
  });
});

describe('publishing', () => {
  const careful = { templates: [template], approval: 'other' as const };

  test('wants the required sections written, and names those that are not', async () => {
    const w = given({ templates: [template] });
    const id = await begun(w);
    for (const step of ['submit', 'publish'] as const) {
      const error = await refusal(() => w.tocsin.reviews[step](id, { by: 'ana' }), 'REVIEW_INCOMPLETE');
      expect(error.message).toBe(
        `Cannot ${step} the review of incident ${id}: nobody has written Notes (what) yet. Write it with \`reviews.edit\`; action items are added with \`reviews.actionItems.add\`.`,
      );
      expect(error.details).toMatchObject({ missing: ['what'] });
    }
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } });
    expect((await w.tocsin.reviews.publish(id, { by: 'ana' })).state).toBe('published');
  });

  test('counts what a section lists as written: a factor, and an action item', async () => {
    const sections = [
      { id: 'why', kind: 'factors' as const, required: true },
      { id: 'then', kind: 'actionItems' as const, required: true },
    ];
    const w = given({ templates: [{ id: 'lists', sections }] });
    const id = await begun(w);
    const missing = async () =>
      (await refusal(() => w.tocsin.reviews.submit(id, { by: 'ana' }), 'REVIEW_INCOMPLETE')).details;
    expect(await missing()).toMatchObject({ missing: ['why', 'then'] });
    await w.tocsin.reviews.edit(id, { by: 'ana', factors: [{ text: 'Nothing watches disks' }] });
    expect(await missing()).toMatchObject({ missing: ['then'] });
    const item = await w.tocsin.reviews.actionItems.add(id, { by: 'ana', title: 'Watch them' });
    await w.tocsin.reviews.submit(id, { by: 'ana' });
    await w.tocsin.reviews.publish(id, { by: 'ana' });
    await w.tocsin.reviews.actionItems.complete(item.id, { by: 'ana' });
    expect((await w.tocsin.reviews.get(id)).actionItems).toMatchObject([{ title: 'Watch them', status: 'done' }]);
  });

  test('by somebody else means: handed in, by a person, and by none of those who wrote in it', async () => {
    const w = given(careful);
    const id = await begun(w);
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } });
    const why = async (by: Parameters<typeof w.tocsin.reviews.publish>[1]['by']) =>
      (await refusal(() => w.tocsin.reviews.publish(id, { by }), 'REVIEW_NEEDS_APPROVAL')).details;
    expect(await why('ben')).toMatchObject({ why: 'submit', incident: id });
    await w.tocsin.reviews.submit(id, { by: 'ben' });
    expect(await why('ana')).toMatchObject({ why: 'author' });
    expect(await why({ kind: 'system' })).toMatchObject({ why: 'person' });
    await w.tocsin.reviews.edit(id, { by: 'boss', answers: { what: 'y' } });
    expect(await why('boss')).toMatchObject({ why: 'author' });
    expect((await w.tocsin.reviews.publish(id, { by: 'ben' })).revision).toBe(1);
  });

  test('again after it was returned is the next revision, and the first one can still be read', async () => {
    const w = given({ templates: [template] });
    const id = await begun(w);
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'first' } });
    await w.tocsin.reviews.publish(id, { by: 'ana' });
    await refusal(() => w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'no' } }), 'INVALID_TRANSITION');
    const draft = await w.tocsin.reviews.return(id, { by: 'ben', reason: 'the cause was another one' });
    expect(draft.state).toBe('draft');
    expect(draft).not.toHaveProperty('revision');
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'second' } });
    expect(await answer(w, id)).toBe('second');
    await w.tocsin.reviews.publish(id, { by: 'ana' });
    const revision = async (number: number) => {
      const { revision, sections, state } = await w.tocsin.reviews.get(id, { revision: number });
      return [revision, state, sections[0]?.answer];
    };
    expect(await revision(1)).toEqual([1, 'published', 'first']);
    expect(await revision(2)).toEqual([2, 'published', 'second']);
    const unknown = await refusal(() => w.tocsin.reviews.get(id, { revision: 3 }), 'INPUT_INVALID');
    expect(unknown.message).toContain('known: 1, 2');
    for (const wrong of [0, 1.5, Number.NaN, '1'])
      await refusal(() => w.tocsin.reviews.get(id, { revision: wrong as number }), 'INPUT_INVALID');
    const publications = (await events(w.tocsin, id)).filter(({ type }) => type === 'review.published');
    expect((await stored(w.storage, id))?.data).toMatchObject({
      publications: publications.map(({ seq }, index) => ({ revision: index + 1, seq })),
    });
  });

  test('shows what was known then, also after more has happened', async () => {
    const w = given({ templates: [template] });
    const id = await begun(w);
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } });
    const published = await w.tocsin.reviews.publish(id, { by: 'ana' });
    await w.pass(60_000);
    await w.tocsin.incidents.addNote(id, { by: 'ben', text: 'Afterthought' });
    await w.tocsin.incidents.setSeverity(id, { by: 'ben', severity: 'SEV2' });
    expect(await w.tocsin.reviews.get(id)).toEqual(published);
  });

  test('does not grow with messages of what came after it, be it in the same moment', async () => {
    const w = given({ templates: [template] });
    const id = await begun(w);
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } });
    const published = await w.tocsin.reviews.publish(id, { by: 'ana' });
    await w.tocsin.incidents.reopen(id, { by: 'ana' });
    await w.pass(60_000);
    expect(w.news()).not.toEqual([]);
    expect(await w.tocsin.reviews.get(id)).toEqual(published);
  });

  test('names the incidents and the services that it named then, without what has become private or is gone', async () => {
    const w = given({ templates: [template] });
    const alike = await ended(w, { severity: 'SEV2' });
    const gone = await ended(w, { severity: 'SEV2' });
    const id = await ended(w);
    await w.tocsin.reviews.start(id, { by: 'ana' });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } });
    const published = await w.tocsin.reviews.publish(id, { by: 'ana' });
    expect(published.similar.map((one) => one.id).sort()).toEqual([alike, gone].sort());

    await w.pass(60_000);
    await ended(w);
    await w.tocsin.incidents.reopen(id, { by: 'ana' });
    const later = await w.tocsin.incidents.open({ by: 'ana', title: 'Late', service: 'search', severity: 'SEV2' });
    await w.tocsin.incidents.merge(later.id, { by: 'ana', into: id });
    expect(await w.tocsin.reviews.get(id)).toEqual(published);

    await w.tocsin.incidents.update(alike, { by: 'ana', visibility: 'private' });
    await w.tocsin.incidents.close(gone, { by: 'ana' });
    await w.pass(60_000);
    await w.tocsin.prune({ endedBefore: new Date(T0 + 120_000), limit: 10 });
    expect(await w.tocsin.incidents.get(gone)).toBeUndefined();
    expect((await w.tocsin.reviews.get(id)).similar).toEqual([]);
  });
});

test('whoever has left since a review was published is called in it as before, or not at all', async () => {
  const users = ['ana', 'ben', 'boss'].map((id) => ({
    id,
    contacts: [{ notifier: 'sms', address: `+${id}` }],
    ...(id === 'ben' && { name: 'Ben Okri' }),
  }));
  const escalationPolicies = [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'boss' }] }];
  for (const blameless of [true, false]) {
    const rules = (known: typeof users) =>
      config({
        severity,
        reviews: { blameless, templates: [template] },
        users: known,
        escalationPolicies,
        schedules: [],
      });
    const w = world({ config: rules(users) });
    const id = await begun(w);
    await w.tocsin.incidents.addNote(id, { by: 'ana', text: 'Ben Okri freed the disk' });
    await w.tocsin.reviews.edit(id, { by: 'ben', answers: { what: 'Ben Okri freed the disk' } });
    await w.tocsin.reviews.publish(id, { by: 'ben' });
    const before = await w.tocsin.reviews.get(id);
    const later = world({ config: rules(users.filter((one) => one.id !== 'ben')), clock: w.clock, storage: w.storage });
    expect(await later.tocsin.reviews.get(id)).toEqual(before);
    expect(JSON.stringify(before).includes('Ben Okri')).toBe(!blameless);
  }
});

describe('who may', () => {
  test('the host is asked before each command, by its name', async () => {
    const asked: unknown[] = [];
    let isLetIn = true;
    const w = given(
      { templates: [template] },
      {
        authorize: (by, action, resource) => {
          if (action.startsWith('reviews.')) asked.push([by, action, resource]);
          return isLetIn;
        },
      },
    );
    const id = await begun(w, { severity: 'SEV2' });
    await w.tocsin.reviews.edit(id, { by: 'ben', answers: { what: 'x' } });
    const about = { tenant: 'default', incidentId: id };
    expect(asked).toEqual([
      [{ kind: 'user', id: 'ana' }, 'reviews.start', about],
      [{ kind: 'user', id: 'ben' }, 'reviews.edit', about],
    ]);
    isLetIn = false;
    for (const call of [
      () => w.tocsin.reviews.request(id, { by: 'ana' }),
      () => w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'y' } }),
      () => w.tocsin.reviews.submit(id, { by: 'ana' }),
      () => w.tocsin.reviews.return(id, { by: 'ana' }),
      () => w.tocsin.reviews.publish(id, { by: 'ana' }),
      () => w.tocsin.reviews.waive(id, { by: 'ana', reason: 'x' }),
    ])
      await refusal(call, 'NOT_AUTHORIZED');
    expect(await answer(w, id)).toBe('x');
  });

  test('a private one is as if it were not there to whoever has no part in it', async () => {
    const w = given();
    const id = await begun(w, { visibility: 'private' });
    for (const as of ['ben', 'stranger']) {
      await refusal(() => w.tocsin.reviews.get(id, { as }), 'INCIDENT_NOT_FOUND');
      await refusal(() => w.tocsin.reviews.similar(id, { as }), 'INCIDENT_NOT_FOUND');
      expect((await w.tocsin.reviews.list({ as })).items).toEqual([]);
    }
    expect((await w.tocsin.reviews.get(id, { as: 'ana' })).incident.visibility).toBe('private');
    expect((await w.tocsin.reviews.list({ as: 'ana' })).items).toHaveLength(1);
  });

  test('what became private after it was published is private, and says so', async () => {
    const w = given({ templates: [template] });
    const id = await begun(w);
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } });
    await w.tocsin.reviews.publish(id, { by: 'ana' });
    await w.tocsin.incidents.update(id, { by: 'ana', visibility: 'private' });
    expect((await w.tocsin.reviews.get(id)).incident.visibility).toBe('private');
    await refusal(() => w.tocsin.reviews.get(id, { as: 'ben' }), 'INCIDENT_NOT_FOUND');
  });
});

describe('the list', () => {
  test('has what is asked for, the newest first, in pages that go on where the last one ended', async () => {
    const w = given({ templates: [template] });
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      ids.unshift(await ended(w));
      await ended(w, { severity: 'SEV2' });
      await w.pass(60_000);
    }
    await w.tocsin.reviews.start(ids[1]!, { by: 'ana' });
    const all = await w.tocsin.reviews.list();
    expect(all.items.map(({ incident, state }) => [incident, state])).toEqual(
      ids.map((id, index) => [id, index === 1 ? 'draft' : 'pending']),
    );
    expect(all).not.toHaveProperty('next');
    const pages: string[][] = [];
    for (let cursor: string | undefined, more = true; more; ) {
      const { items, next } = await w.tocsin.reviews.list({ state: 'pending', limit: 3, ...(cursor && { cursor }) });
      pages.push(items.map(({ incident }) => incident));
      cursor = next;
      more = next !== undefined;
    }
    expect(pages).toEqual([[ids[0], ids[2], ids[3]], [ids[4]]]);
    expect((await w.tocsin.reviews.list({ state: ['draft', 'published'] })).items).toHaveLength(1);
    expect((await w.tocsin.reviews.list({ service: 'search' })).items).toEqual([]);
    await refusal(() => w.tocsin.reviews.list({ state: 'late' as 'draft' }), 'INPUT_INVALID');
  });

  test('says when somebody is reminded of it next, and not when nobody is', async () => {
    const w = given();
    const [owed, optional] = [await ended(w), await ended(w, { severity: 'SEV2' })];
    await w.tocsin.reviews.request(optional, { by: 'ana' });
    const { items } = await w.tocsin.reviews.list();
    const of = (id: string) => items.find((one) => one.incident === id);
    expect(of(owed)).toEqual({
      incident: owed,
      title: 'Disk full',
      service: 'checkout',
      severity: 'SEV1',
      state: 'pending',
      endedAt: new Date(T0),
      dueAt: new Date(T0 + 3 * 86_400_000),
    });
    expect(of(optional)).not.toHaveProperty('dueAt');
  });
});

describe('similar incidents', () => {
  test('are named with why, and neither the incident itself nor what was merged or private is among them', async () => {
    const w = given();
    const similar = await ended(w);
    const hidden = await ended(w, { visibility: 'private' });
    await ended(w, { kind: 'drill' });
    const merged = await w.tocsin.incidents.open({ by: 'ana', title: 'Disk full', service: 'checkout' });
    const { id } = await w.tocsin.incidents.open({ by: 'ben', title: 'Disk full', service: 'checkout' });
    await w.tocsin.incidents.merge(merged.id, { by: 'ana', into: id });
    const found = (await w.tocsin.reviews.get(id)).similar;
    expect(found.map((one) => one.id)).toEqual([similar]);
    expect(found[0]?.because.length).toBeGreaterThan(0);
    const named = async (as?: string) =>
      (await w.tocsin.reviews.similar(id, { ...(as && { as }) })).map((one) => one.id).sort();
    expect(await named()).toEqual([similar]);
    expect(await named('ben')).toEqual([similar]);
    expect(await named('ana')).toEqual([similar, hidden].sort());
    await refusal(() => w.tocsin.reviews.similar(id, { limit: 0 }), 'INPUT_INVALID');
  });

  test('are none where the configuration wants none', async () => {
    const w = given({ similar: 0 });
    await ended(w);
    expect((await w.tocsin.reviews.get(await ended(w))).similar).toEqual([]);
  });
});

describe('what is stored', () => {
  test('goes with its incident when that is pruned, and what still waits for its review is kept', async () => {
    const w = given({ templates: [template] });
    const [done, waiting] = [await begun(w, { severity: 'SEV2' }), await begun(w, { severity: 'SEV2' })];
    await w.tocsin.reviews.edit(done, { by: 'ana', answers: { what: 'x' } });
    await w.tocsin.reviews.publish(done, { by: 'ana' });
    for (const id of [done, waiting]) await w.tocsin.incidents.close(id, { by: 'ana' });
    await w.pass(60_000);
    await w.tocsin.tick();
    expect(await w.tocsin.prune({ endedBefore: T0 + 30_000 })).toEqual({ incidents: 1 });
    expect(await stored(w.storage, done)).toBeUndefined();
    expect(await stored(w.storage, waiting)).toBeDefined();
    await refusal(() => w.tocsin.reviews.get(done), 'INCIDENT_NOT_FOUND');
  });

  test('goes with the next pruning when the storage failed between the two', async () => {
    const clock = virtualClock({ start: T0 });
    const below = memoryStorage({ clock });
    let isDown = false;
    const storage = faulty(below, ['documentVersions'], async (run) => {
      if (isDown) throw new Error('the storage is down');
      return run();
    });
    const w = given({ templates: [template] }, { clock, storage });
    const id = await begun(w, { severity: 'SEV2' });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } });
    await w.tocsin.reviews.publish(id, { by: 'ana' });
    await w.tocsin.incidents.close(id, { by: 'ana' });
    await w.pass(60_000);
    isDown = true;
    await refusal(() => w.tocsin.prune({ endedBefore: T0 + 30_000 }), 'STORAGE_UNAVAILABLE');
    expect(await stored(below, id)).toBeDefined();
    isDown = false;
    expect(await w.tocsin.prune({ endedBefore: T0 + 30_000 })).toEqual({ incidents: 0 });
    expect(await stored(below, id)).toBeUndefined();
  });

  test('and cannot be read by this version is refused by name, and never written over', async () => {
    const w = given({ templates: [template] });
    const id = await begun(w);
    const newer = { format: 2, anything: true };
    await w.storage.commit([
      {
        commitId: 'newer',
        tenant: 'default',
        incidents: [],
        alerts: [],
        timers: [],
        withdrawals: [],
        deliveries: [],
        slots: [],
        counters: [],
        documents: [{ collection: 'reviews', id, expectedVersion: 1, data: newer }],
      },
    ]);
    for (const call of [
      () => w.tocsin.reviews.get(id),
      () => w.tocsin.reviews.edit(id, { by: 'ana', answers: { what: 'x' } }),
      () => w.tocsin.reviews.publish(id, { by: 'ana' }),
    ])
      await refusal(call, 'SNAPSHOT_UNREADABLE');
    expect((await stored(w.storage, id))?.data).toEqual(newer);
    expect((await w.tocsin.reviews.list()).items).toHaveLength(1);
  });
});
