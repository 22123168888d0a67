/**
 * Reviews: a severe incident is looked back upon, whoever led it is reminded, and what it taught is published.
 */
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../src/index.ts';
import {
  config,
  contact,
  DAY,
  events,
  HOUR,
  incident,
  refusal,
  T0,
  types,
  type World,
  world,
} from '../engine/world.ts';

const severity: ConfigInput['severity'] = {
  levels: [{ id: 'SEV1', review: 'required', reviewWithin: '3d' }, { id: 'SEV2' }],
};
const given = (reviews: ConfigInput['reviews'] = {}, more: Partial<ConfigInput> = {}): World =>
  world({ config: config({ severity, reviews, ...more }) });

async function resolved(w: World, more: object = {}): Promise<string> {
  const { id } = await w.tocsin.incidents.open({
    by: 'boss',
    title: 'Payments fail',
    service: 'checkout',
    severity: 'SEV1',
    ...more,
  });
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.tocsin.incidents.resolve(id, { by: 'ana' });
  await w.tocsin.tick();
  w.news();
  return id;
}

const reviewOf = async ({ tocsin }: World, id: string) => (await incident(tocsin, id)).review;
const missed = async ({ tocsin }: World, id: string) =>
  (await types(tocsin, id)).filter((type) => type === 'review.missed').length;

describe('a review that a severity asks for', () => {
  test('waits from the end of the incident on, is begun, handed in, given back and published', async () => {
    const w = given();
    const heard: string[] = [];
    for (const type of ['review.started', 'review.submitted', 'review.returned', 'review.published'] as const)
      w.tocsin.on(type, ({ event }) => heard.push(event.type));
    const id = await resolved(w);
    expect(await reviewOf(w, id)).toBe('pending');
    expect(await w.tocsin.reviews.list({ state: 'pending' })).toMatchObject({
      items: [{ incident: id, dueAt: new Date(T0 + 3 * DAY) }],
    });
    await w.tocsin.reviews.start(id, { by: 'ana' });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'ana restarted the database.' } });
    expect((await w.tocsin.reviews.submit(id, { by: 'ana' })).state).toBe('inReview');
    expect((await w.tocsin.reviews.return(id, { by: 'ben', reason: 'say why' })).state).toBe('draft');
    await w.tocsin.reviews.edit(id, { by: 'ana', factors: [{ text: 'ana had no way to see the disk.' }] });
    await w.tocsin.reviews.submit(id, { by: 'ana' });
    const published = await w.tocsin.reviews.publish(id, { by: 'ben' });
    expect(published).toMatchObject({ state: 'published', revision: 1, missing: [], isBlameless: true });
    expect(JSON.stringify(published)).not.toMatch(/\bana\b/i);
    expect(heard).toEqual([
      'review.started',
      'review.submitted',
      'review.returned',
      'review.submitted',
      'review.published',
    ]);
    expect((await events(w.tocsin, id)).at(-1)).toMatchObject({ type: 'review.published', by: { id: 'ben' } });
    await w.pass(10 * DAY, 6 * HOUR);
    expect(w.news()).toEqual([]);
  });

  test('names people where that is wanted', async () => {
    const w = given({ blameless: false });
    const id = await resolved(w);
    await w.tocsin.reviews.start(id, { by: 'ana' });
    const { sections } = await w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'ana restarted it.' } });
    expect(sections[0]?.answer).toBe('ana restarted it.');
  });

  test('is not needed while the incident is open again, and has its whole time from the next end on', async () => {
    const w = given();
    const id = await resolved(w);
    await w.pass(2 * DAY, 6 * HOUR);
    await w.tocsin.incidents.reopen(id, { by: 'ana' });
    expect(await reviewOf(w, id)).toBe('notNeeded');
    await w.tocsin.incidents.resolve(id, { by: 'ana' });
    await w.pass(2 * DAY, 6 * HOUR);
    expect(await missed(w, id)).toBe(0);
    await w.pass(DAY, 6 * HOUR);
    expect(await missed(w, id)).toBe(1);
  });
});

test('a test needs no review, whatever its severity is or becomes, unless somebody asks for one; a drill does', async () => {
  const w = given();
  const trial = await resolved(w, { kind: 'test' });
  expect(await reviewOf(w, trial)).toBe('notNeeded');
  await w.tocsin.incidents.setSeverity(trial, { by: 'ana', severity: 'SEV2' });
  await w.tocsin.incidents.setSeverity(trial, { by: 'ana', severity: 'SEV1' });
  expect(await reviewOf(w, trial)).toBe('notNeeded');
  const drill = await resolved(w, { kind: 'drill' });
  expect((await w.tocsin.reviews.list()).items.map((one) => one.incident)).toEqual([drill]);
  expect((await w.tocsin.reviews.request(trial, { by: 'ana' })).state).toBe('pending');
});

describe('a review that is late', () => {
  const notices = (w: World) => w.news().filter((line) => line.endsWith('notice'));

  test('is told to whoever led the incident, once a day, also when that was closed, until it is published', async () => {
    const w = given();
    const id = await resolved(w);
    await w.pass(3 * DAY, HOUR);
    expect(notices(w)).toEqual(['+72h ana sms notice']);
    const told = w.sms.sent.at(-1)?.message;
    expect(told).toMatchObject({ topic: 'reviewDue', title: 'Review due: Payments fail', actions: [] });
    await w.tocsin.incidents.close(id, { by: 'ana' });
    await w.tocsin.reviews.start(id, { by: 'ben' });
    await w.pass(2 * DAY, HOUR);
    expect(notices(w)).toEqual(['+96h ana sms notice', '+120h ana sms notice']);
    await w.tocsin.reviews.edit(id, { by: 'ben', answers: { summary: 'The database was full.' } });
    await w.tocsin.reviews.submit(id, { by: 'ben' });
    expect(notices(w)).toEqual([]);
    await w.pass(DAY, HOUR);
    expect(notices(w)).toEqual(['+144h ana sms notice']);
    await w.tocsin.reviews.publish(id, { by: 'ben' });
    await w.pass(5 * DAY, 6 * HOUR);
    expect(notices(w)).toEqual([]);
    expect(await missed(w, id)).toBe(4);
  });

  test('never counts as having reached anybody, and wakes nobody: it waits for the end of quiet hours, once', async () => {
    const users = [
      {
        id: 'ana',
        locale: 'de',
        timeZone: 'UTC',
        quietHours: [{ from: '09:00', until: '11:30' }],
        contacts: [contact('sms', 'ana'), contact('voice', 'ana')],
      },
      ...['ben', 'boss'].map((id) => ({ id, contacts: [contact('sms', id)] })),
    ];
    const w = given({}, { users });
    const id = await resolved(w);
    await w.pass(3 * DAY + HOUR, HOUR);
    expect(w.news()).toEqual([]);
    expect((await types(w.tocsin, id)).at(-1)).toBe('notice.requested');
    await w.pass(30 * 60_000);
    expect(w.news()).toEqual(['+73h30m ana sms notice']);
    expect(w.sms.sent.at(-1)?.message.title).toBe('Nachbesprechung fällig: Payments fail');
    await w.pass(22 * HOUR + 30 * 60_000, HOUR / 2);
    expect(await missed(w, id)).toBe(2);
    await w.tocsin.reviews.start(id, { by: 'ana' });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'x' } });
    await w.tocsin.reviews.publish(id, { by: 'ana' });
    await w.pass(3 * HOUR, HOUR);
    expect(w.news()).toEqual([]);
  });

  test('of a private incident is told to nobody who has no part in it', async () => {
    const w = given();
    const { id } = await w.tocsin.incidents.open({
      by: { kind: 'system' },
      title: 'Keys leaked',
      service: 'checkout',
      severity: 'SEV1',
      visibility: 'private',
    });
    await w.tocsin.tick();
    await w.tocsin.incidents.resolve(id, { by: { kind: 'system' } });
    await w.tocsin.tick();
    w.news();
    await w.pass(4 * DAY, 6 * HOUR);
    expect(await missed(w, id)).toBe(2);
    expect(w.news()).toEqual([]);
  });

  test('of an incident that nobody took is told to whoever heard of it', async () => {
    const w = given();
    const [result] = await w.tocsin.ingest({ action: 'trigger', title: 'x', dedupKey: 'x', severity: 'critical' });
    const id = result?.incidentId ?? '';
    await w.tocsin.tick();
    await w.tocsin.ingest({ action: 'resolve', dedupKey: 'x' });
    await w.pass(6 * 60_000);
    expect(await reviewOf(w, id)).toBe('pending');
    w.news();
    await w.pass(3 * DAY, HOUR);
    expect(notices(w)).toEqual(['+72h6m ana sms notice', '+72h6m ben sms notice']);
  });
});

describe('a second pair of eyes', () => {
  test('publishes what somebody else wrote, after it was handed in', async () => {
    const w = given({ approval: 'other' });
    const id = await resolved(w);
    await w.tocsin.reviews.start(id, { by: 'ana' });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'The database was full.' } });
    await refusal(() => w.tocsin.reviews.publish(id, { by: 'ben' }), 'REVIEW_NEEDS_APPROVAL');
    await w.tocsin.reviews.submit(id, { by: 'ana' });
    const own = await refusal(() => w.tocsin.reviews.publish(id, { by: 'ana' }), 'REVIEW_NEEDS_APPROVAL');
    expect(own.message).toBe(
      `Cannot publish the review of incident ${id}: ana has written in it, and somebody else has to look at it.`,
    );
    expect((await w.tocsin.reviews.publish(id, { by: 'ben' })).state).toBe('published');
  });
});

describe('what was published', () => {
  test('is written only after it was returned, and stays as it was beside what comes after it', async () => {
    const w = given();
    const id = await resolved(w);
    await w.tocsin.reviews.start(id, { by: 'ana' });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'The disk was full.' } });
    await w.tocsin.reviews.publish(id, { by: 'ana' });
    const error = await refusal(
      () => w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'No.' } }),
      'INVALID_TRANSITION',
    );
    expect(error.message).toContain('its review is published. Allowed now: return.');
    await w.tocsin.reviews.return(id, { by: 'ana' });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'The quota was used up.' } });
    const summary = async (revision?: number) =>
      (await w.tocsin.reviews.get(id, { ...(revision !== undefined && { revision }) })).sections[0]?.answer;
    expect([await summary(), await summary(1)]).toEqual(['The quota was used up.', 'The disk was full.']);
  });

  test('stays published when the incident is open again, and is on the list', async () => {
    const w = given();
    const id = await resolved(w);
    await w.tocsin.reviews.start(id, { by: 'ana' });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'x' } });
    await w.tocsin.reviews.publish(id, { by: 'ana' });
    await w.tocsin.incidents.reopen(id, { by: 'ana' });
    await w.tocsin.incidents.resolve(id, { by: 'ana' });
    expect((await w.tocsin.reviews.list({ state: 'published' })).items).toHaveLength(1);
    expect((await w.tocsin.reviews.get(id)).revision).toBe(1);
  });
});

describe('a review that nobody will write', () => {
  test('is waived for a reason: nobody is reminded any more, and the incident goes with its time', async () => {
    const w = given();
    const id = await resolved(w);
    await w.pass(4 * DAY, 6 * HOUR);
    expect(await missed(w, id)).toBe(2);
    await w.tocsin.incidents.close(id, { by: 'ana' });
    await refusal(() => w.tocsin.reviews.waive(id, { by: 'ana' } as never), 'INPUT_INVALID');
    const waived = await w.tocsin.reviews.waive(id, { by: 'ana', reason: 'ana pressed the wrong button' });
    expect(waived.state).toBe('notNeeded');
    expect(waived.entries.map(({ text }) => text)).toContain(
      'Responder 2 decided that no review is needed: responder 2 pressed the wrong button.',
    );
    expect((await w.tocsin.reviews.list()).items).toEqual([]);
    w.news();
    await w.pass(5 * DAY, 6 * HOUR);
    expect(w.news()).toEqual([]);
    expect(await w.tocsin.prune({ endedBefore: new Date(T0 + 8 * DAY) })).toEqual({ incidents: 1 });
  });

  test('keeps what was written, and can be asked for again; what was published is waived only once it was returned', async () => {
    const w = given();
    const id = await resolved(w);
    await w.tocsin.reviews.start(id, { by: 'ana' });
    await w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'The disk was full.' } });
    await w.tocsin.reviews.waive(id, { by: 'ben', reason: 'nothing to learn' });
    await refusal(() => w.tocsin.reviews.edit(id, { by: 'ana', answers: { summary: 'x' } }), 'INVALID_TRANSITION');
    const again = await w.tocsin.reviews.start(id, { by: 'ana' });
    expect(again.sections[0]?.answer).toBe('The disk was full.');
    await w.tocsin.reviews.publish(id, { by: 'ana' });
    await refusal(() => w.tocsin.reviews.waive(id, { by: 'ben', reason: 'x' }), 'INVALID_TRANSITION');
    await w.tocsin.reviews.return(id, { by: 'ben' });
    await w.tocsin.reviews.waive(id, { by: 'ben', reason: 'a duplicate' });
    expect((await w.tocsin.reviews.get(id, { revision: 1 })).sections[0]?.answer).toBe('The disk was full.');
  });
});

test('a draft of an incident that became part of another is nobody asked about any more', async () => {
  const w = given();
  const id = await resolved(w);
  await w.tocsin.reviews.start(id, { by: 'ana' });
  await w.tocsin.incidents.reopen(id, { by: 'ana' });
  const other = await w.tocsin.incidents.open({ by: 'ana', title: 'All fails', service: 'search', severity: 'SEV2' });
  await w.tocsin.incidents.acknowledge(other.id, { by: 'ana' });
  await w.tocsin.incidents.merge(id, { by: 'ana', into: other.id });
  await w.tocsin.tick();
  w.news();
  await w.pass(5 * DAY, 12 * HOUR);
  expect(w.news().filter((line) => line.includes('notice'))).toEqual([]);
  expect((await w.tocsin.reviews.list()).items).toEqual([]);
  expect(await w.tocsin.prune({ endedBefore: new Date(T0 + DAY) })).toEqual({ incidents: 1 });
});
