/**
 * People of an incident: responders who are asked to join, and who may see and do what.
 */
import { describe, expect, test } from 'vitest';
import type { Authorize } from '../../src/index.ts';
import { config, deliveries, incident, MINUTE, opened, refusal, trigger, world } from './world.ts';

const by = 'ana';

describe('responders', () => {
  test('somebody who is asked to join is paged at once, through all their contacts', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by });
    const answer = await tocsin.incidents.addResponder(id, { by, user: 'ben', message: 'the cache is yours' });
    expect(answer.responders).toEqual({ ana: 'accepted', ben: 'requested' });
    await pass(0);
    expect(news()).toEqual(['+0 ben sms responder']);
    expect((await incident(tocsin, id)).paging).toBe('acknowledged');
  });

  test('the message to a responder asks to join or to decline', async () => {
    const { tocsin, pass, sms } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.incidents.addResponder(id, { by, user: 'ben' });
    await pass(0);
    expect(sms.sent.at(-1)?.message.actions.map((action) => action.id)).toEqual(['accept', 'decline']);
  });

  test.each(['accept', 'decline', 'removeResponder'] as const)(
    '%s takes back what has not gone out',
    async (answer) => {
      const { tocsin, pass, news } = world();
      const id = await opened(tocsin, trigger('disk'));
      await tocsin.incidents.acknowledge(id, { by: 'ben' });
      await tocsin.incidents.addResponder(id, { by: 'ben', user: 'ana' });
      await pass(MINUTE);
      expect(news()).toEqual(['+0 ana sms notice', '+0 ana sms responder']);
      if (answer === 'removeResponder') await tocsin.incidents.removeResponder(id, { by: 'ben', user: 'ana' });
      else await tocsin.incidents[answer](id, { by: 'ana' });
      await pass(5 * MINUTE);
      // Whoever asked hears that they cannot join.
      expect(news()).toEqual(answer === 'decline' ? ['+1m ben sms notice'] : []);
      const ofAna = (await deliveries(tocsin, id)).filter((line) => line.startsWith('ana'));
      expect(ofAna.slice(-2)).toEqual(['ana sms sent', 'ana voice withdrawn']);
      const status = { accept: 'accepted', decline: 'declined', removeResponder: undefined }[answer];
      expect((await incident(tocsin, id)).responders.ana).toBe(status);
    },
  );

  test('an answer takes back only the request to join, never a page of the ladder', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.addResponder(id, { by: 'ben', user: 'ana' });
    await tocsin.incidents.decline(id, { by: 'ana', reason: 'in a train' });
    await pass(2 * MINUTE);
    expect(news()).toEqual(['+0 ana sms step', '+0 ben sms notice', '+2m ana voice step']);
  });

  test('somebody may answer for another', async () => {
    const { tocsin } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.addResponder(id, { by, user: 'ben' });
    expect((await tocsin.incidents.accept(id, { by, user: 'ben' })).responders).toEqual({ ben: 'accepted' });
    const declined = await tocsin.incidents.decline(id, { by, user: 'ben', reason: 'asleep' });
    expect(declined.responders).toEqual({ ben: 'declined' });
  });

  test('a responder who acknowledges is no longer asked to join', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.incidents.addResponder(id, { by, user: 'ben' });
    expect((await tocsin.incidents.acknowledge(id, { by: 'ben' })).responders).toMatchObject({ ben: 'accepted' });
    await pass(0);
    expect(news()).toEqual([]);
  });
});

describe('private incidents', () => {
  const list = async (w: ReturnType<typeof world>, as?: string) =>
    (await w.tocsin.incidents.list(as === undefined ? {} : { as })).items.map(({ title }) => title).sort();

  test('appear only to those who respond to them', async () => {
    const w = world();
    const { incidents } = w.tocsin;
    await incidents.open({ by, title: 'outage', service: 'search' });
    const leak = await incidents.open({ by, title: 'leak', service: 'search', visibility: 'private' });
    expect(await list(w)).toEqual(['leak', 'outage']);
    expect(await list(w, 'ben')).toEqual(['outage']);

    await incidents.acknowledge(leak.id, { by: 'ana' });
    expect(await list(w, 'ana')).toEqual(['leak', 'outage']);

    await incidents.assignRole(leak.id, { by, role: 'scribe', user: 'ben' });
    expect(await list(w, 'ben')).toEqual(['leak', 'outage']);

    await incidents.addResponder(leak.id, { by, user: 'boss' });
    expect(await list(w, 'boss')).toEqual(['leak', 'outage']);
    expect(await list(w, 'zoe')).toEqual(['outage']);
  });

  test('can be made public, and public ones private', async () => {
    const w = world();
    const { id } = await w.tocsin.incidents.open({ by, title: 'leak', service: 'search', visibility: 'private' });
    await w.tocsin.incidents.update(id, { by, visibility: 'public' });
    expect(await list(w, 'ben')).toEqual(['leak']);
    await w.tocsin.incidents.update(id, { by, visibility: 'private' });
    expect(await list(w, 'ben')).toEqual([]);
  });
});

describe('lists', () => {
  test('the newest first, by page, phase, service and severity', async () => {
    const { tocsin, clock } = world();
    for (const title of ['one', 'two', 'three']) {
      await tocsin.incidents.open({
        by,
        title,
        service: title === 'two' ? 'search' : 'checkout',
        severity: title === 'three' ? 'SEV1' : 'SEV2',
      });
      await clock.advance(MINUTE);
    }
    const titles = async (filter: Parameters<typeof tocsin.incidents.list>[0]) =>
      (await tocsin.incidents.list(filter)).items.map(({ title }) => title);
    expect(await titles({})).toEqual(['three', 'two', 'one']);
    expect(await titles({ service: 'search' })).toEqual(['two']);
    expect(await titles({ severity: 'SEV2' })).toEqual(['two', 'one']);
    expect(await titles({ phase: 'resolved' })).toEqual([]);

    const first = await tocsin.incidents.list({ limit: 2 });
    expect(first.items.map(({ title }) => title)).toEqual(['three', 'two']);
    const rest = await tocsin.incidents.list({ limit: 2, cursor: first.next! });
    expect(rest.items.map(({ title }) => title)).toEqual(['one']);
    expect(rest).not.toHaveProperty('next');
  });
});

describe('authorize', () => {
  test('is asked who wants what, and a refusal changes nothing', async () => {
    const asked: unknown[] = [];
    const authorize: Authorize = (...question) => {
      asked.push(question);
      return question[1] !== 'resolve';
    };
    const { tocsin } = world({ authorize });
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by });
    const error = await refusal(() => tocsin.incidents.resolve(id, { by }), 'NOT_AUTHORIZED');
    const actor = { kind: 'user', id: 'ana' };
    expect(error.message).toBe('Cannot resolve: ana may not do that here.');
    expect(error.details).toEqual({ by: actor, action: 'resolve', tenant: 'default', incidentId: id });
    expect(asked).toEqual([
      [actor, 'acknowledge', { tenant: 'default', incidentId: id }],
      [actor, 'resolve', { tenant: 'default', incidentId: id }],
    ]);
    expect((await incident(tocsin, id)).phase).toBe('triage');
  });

  test('may take its time', async () => {
    const { tocsin } = world({ authorize: async (actor) => actor.kind === 'user' && actor.id === 'ana' });
    const { id } = await tocsin.incidents.open({ by, title: 'x', service: 'search' });
    const error = await refusal(() => tocsin.incidents.open({ by: 'ben', title: 'y', service: 'search' }));
    expect([error.code, error.details.action]).toEqual(['NOT_AUTHORIZED', 'open']);
    await refusal(() => tocsin.incidents.acknowledge(id, { by: { kind: 'system' } }), 'NOT_AUTHORIZED');
    expect((await tocsin.incidents.list()).items).toHaveLength(1);
  });

  test('is never asked about what a source says', async () => {
    const { tocsin } = world({ authorize: () => false });
    expect(await tocsin.ingest(trigger())).toMatchObject([{ outcome: 'opened' }]);
  });

  test('that fails lets nobody in, and its error is the cause', async () => {
    const cause = new Error('directory is down');
    const { tocsin } = world({ authorize: () => Promise.reject(cause) });
    const id = await opened(tocsin);
    const error = await refusal(() => tocsin.incidents.resolve(id, { by }), 'NOT_AUTHORIZED');
    expect(error.cause).toBe(cause);
    expect((await incident(tocsin, id)).phase).toBe('triage');
  });

  test('of a reopening is asked about a reopening, also when a new incident comes of it', async () => {
    const asked: string[] = [];
    const denied = new Set<string>();
    const authorize: Authorize = (_, action) => asked.push(action) > 0 && !denied.has(action);
    const { tocsin } = world({ authorize });
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    await tocsin.incidents.close(id, { by });
    denied.add('open');
    expect(await tocsin.incidents.reopen(id, { by })).toMatchObject({ phase: 'triage' });
    denied.add('reopen');
    await refusal(() => tocsin.incidents.reopen(id, { by }), 'NOT_AUTHORIZED');
    expect(asked).toEqual(['resolve', 'close', 'reopen', 'reopen']);
  });

  test('of a merge is asked once, about the source', async () => {
    const { tocsin } = world({ authorize: (_, action) => action !== 'merge' });
    const [a, b] = [await opened(tocsin, trigger('a')), await opened(tocsin, trigger('b'))];
    const error = await refusal(() => tocsin.incidents.merge(a, { by, into: b }), 'NOT_AUTHORIZED');
    expect(error.details).toMatchObject({ action: 'merge', incidentId: a });
  });
});

test('the roles are those of the configuration', async () => {
  const { tocsin } = world({ config: config({ incidents: { roles: ['king'] } }) });
  const id = await opened(tocsin);
  expect((await tocsin.incidents.assignRole(id, { by, role: 'king', user: 'ana' })).roles).toEqual({ king: 'ana' });
});
