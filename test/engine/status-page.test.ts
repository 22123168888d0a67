/**
 * The status page as the engine keeps it: what is shown, to whom, and what is shown when nothing can be read.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, memoryStorage } from '../../src/index.ts';
import type { Storage } from '../../src/ports/storage.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { config, MINUTE, opened, refusal, resolve, SECOND, T0, trigger, type WorldOptions, world } from './world.ts';

const by = 'ana';
const DAY = 86_400_000;

const status: ConfigInput['status'] = {
  components: [
    { id: 'shop', name: 'Shop', services: ['checkout'] },
    { id: 'search', name: 'Search', services: ['search'] },
  ],
  pages: [
    { id: 'public', name: 'Example' },
    { id: 'inside', name: 'Example inside', audience: 'internal' },
  ],
};

/** A host with a page for everybody and one for its own people. */
function pages({
  config: more,
  ...options
}: Omit<WorldOptions, 'config'> & { readonly config?: Partial<ConfigInput> } = {}) {
  const w = world({ authorize: () => true, ...options, config: config({ status, ...more }) });
  const impacts = async (page?: string) => {
    const { components } = await w.tocsin.statusPage.picture(page === undefined ? {} : { page, as: by });
    return components.map(({ id, impact }) => `${id}: ${impact}`);
  };
  const titles = async (page?: string) => {
    const { incidents } = await w.tocsin.statusPage.picture(page === undefined ? {} : { page, as: by });
    return incidents.map(({ title, status: how }) => `${title} (${how})`);
  };
  return { ...w, impacts, titles };
}

const FINE = ['shop: operational', 'search: operational'];
const BROKEN = ['shop: major_outage', 'search: operational'];

describe('what is shown', () => {
  test('an open incident colours its component at once, and its text is public only by an update', async () => {
    const { tocsin, impacts, titles } = pages();
    expect(await impacts()).toEqual(FINE);
    const id = await opened(tocsin);
    expect(await impacts()).toEqual(BROKEN);
    expect(await titles()).toEqual([]);
    await tocsin.incidents.postUpdate(id, { by, text: 'our disk is full', audience: 'internal' });
    expect(JSON.stringify(await tocsin.statusPage.picture())).not.toContain('disk');
    expect(await titles('inside')).toEqual(['Problem disk (investigating)']);
    await tocsin.incidents.postUpdate(id, { by, text: 'We look into it.', audience: 'public', title: 'Slow checkout' });
    expect(await titles()).toEqual(['Slow checkout (investigating)']);
    await tocsin.incidents.resolve(id, { by });
    expect(await impacts()).toEqual(FINE);
    const { past } = await tocsin.statusPage.picture();
    expect(past.map(({ title, updates }) => [title, updates.map(({ text }) => text)])).toEqual([
      ['Slow checkout', ['We look into it.']],
    ]);
  });

  test('what is made private is gone from every page in the same commit', async () => {
    const { tocsin, impacts, titles } = pages();
    const id = await opened(tocsin);
    await tocsin.incidents.postUpdate(id, { by, text: 'We look into it.', audience: 'public', title: 'Slow' });
    expect(await titles()).toEqual(['Slow (investigating)']);
    await tocsin.incidents.update(id, { by, visibility: 'private' });
    expect(await titles()).toEqual([]);
    expect(await titles('inside')).toEqual([]);
    expect(await impacts()).toEqual(FINE);
  });

  test.each(['drill', 'test'] as const)('a %s shows nowhere', async (kind) => {
    const { tocsin, impacts, titles } = pages();
    await tocsin.incidents.open({ by, title: 'Practice', service: 'checkout', severity: 'SEV1', kind });
    expect(await impacts()).toEqual(FINE);
    expect(await titles('inside')).toEqual([]);
  });

  test('two alerts in one call, and a resolve, are one record each', async () => {
    const { tocsin, impacts } = pages();
    await tocsin.ingest([trigger('one'), trigger('two')]);
    expect(await impacts()).toEqual(BROKEN);
    await tocsin.ingest([resolve('one'), resolve('two')]);
    expect(await impacts()).toEqual(BROKEN);
  });

  test('what is within a transaction of the host shows when the host has committed, and never when it rolls back', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const { tocsin, impacts } = pages({ clock, storage });
    const undone = storage.begin();
    await tocsin.inTransaction(undone).incidents.open({ by, title: 'A', service: 'checkout', severity: 'SEV1' });
    undone.rollback();
    expect(await impacts()).toEqual(FINE);
    const done = storage.begin();
    await tocsin.inTransaction(done).incidents.open({ by, title: 'A', service: 'checkout', severity: 'SEV1' });
    done.commit();
    await clock.advance(2 * SECOND);
    expect(await impacts()).toEqual(['shop: major_outage', 'search: operational']);
  });

  test('what is forgotten as an incident is still the history of the page', async () => {
    const { tocsin, clock, pass } = pages({ config: { incidents: { reopenWindow: '1h' } } });
    const id = await opened(tocsin);
    await pass(30 * MINUTE);
    await tocsin.incidents.resolve(id, { by });
    await pass(2 * 60 * MINUTE);
    expect(await tocsin.prune({ endedBefore: clock.now() })).toEqual({ incidents: 1 });
    const { components } = await tocsin.statusPage.picture();
    expect(components[0]?.uptime?.days.at(-1)?.minutes).toEqual({ major_outage: 30 });
  });

  test('it is forgotten after the time that the configuration names', async () => {
    const { tocsin, clock } = pages({ config: { status: { ...status, keepFor: '10d' } } });
    const id = await opened(tocsin);
    await clock.advance(30 * MINUTE);
    await tocsin.incidents.resolve(id, { by });
    const known = async () => {
      const { components } = await tocsin.statusPage.picture();
      return components[0]?.uptime?.days.some(({ worst }) => worst === 'major_outage');
    };
    await clock.advance(9 * DAY);
    expect(await known()).toBe(true);
    await clock.advance(2 * DAY);
    expect(await known()).toBe(false);
  });
});

describe('who sees it', () => {
  test('a page that is internal shows itself only to those whom the host lets in', async () => {
    const asked: unknown[] = [];
    const { tocsin } = pages({
      authorize: (actor, action, resource) => {
        asked.push([actor, action, resource]);
        return action !== 'statusPage.view' || ('id' in actor && actor.id === by);
      },
    });
    await refusal(() => tocsin.statusPage.picture({ page: 'inside' }), 'NOT_AUTHORIZED');
    await refusal(() => tocsin.statusPage.picture({ page: 'inside', as: 'ben' }), 'NOT_AUTHORIZED');
    expect((await tocsin.statusPage.picture({ page: 'inside', as: by })).page.name).toBe('Example inside');
    expect(asked.at(-1)).toEqual([{ kind: 'user', id: by }, 'statusPage.view', { tenant: 'default', page: 'inside' }]);
    expect((await tocsin.statusPage.picture()).page.id).toBe('public');
  });

  test('where the host decides nothing, nobody is let in', async () => {
    const { tocsin } = world({ config: config({ status }) });
    const error = await refusal(() => tocsin.statusPage.picture({ page: 'inside', as: by }), 'NOT_AUTHORIZED');
    expect(error.message).toContain('`authorize` was not given');
  });

  test('a page that does not exist is named, with those that do', async () => {
    const { tocsin } = pages();
    const error = await refusal(() => tocsin.statusPage.picture({ page: 'nope' }), 'STATUS_PAGE_NOT_FOUND');
    expect(error.message).toContain('only public, inside');
    const none = world();
    await refusal(() => none.tocsin.statusPage.picture(), 'STATUS_PAGE_NOT_FOUND');
    await refusal(() => tocsin.statusPage.picture({ pgae: 'x' } as never), 'INPUT_INVALID');
  });

  test('tenants see their own', async () => {
    const { tocsin, impacts } = pages();
    const other = tocsin.forTenant('other', { config: config({ status }) });
    await other.incidents.open({ by, title: 'A', service: 'checkout', severity: 'SEV1' });
    expect(await impacts()).toEqual(FINE);
    expect((await other.statusPage.picture()).indicator).toBe('critical');
  });
});

describe('an override', () => {
  test('says how a component works until its moment, whatever incidents say, and then it is over', async () => {
    const { tocsin, impacts, clock } = pages();
    await opened(tocsin);
    const made = await tocsin.statusPage.override({
      by,
      component: 'search',
      impact: 'degraded_performance',
      for: '1h',
    });
    await tocsin.statusPage.override({ by, component: 'shop', impact: 'operational', for: '10m' });
    expect(await impacts()).toEqual(['shop: operational', 'search: degraded_performance']);
    await clock.advance(10 * MINUTE);
    expect(await impacts()).toEqual(['shop: major_outage', 'search: degraded_performance']);
    const cancelled = await tocsin.statusPage.cancelOverride(made.id, { by });
    expect(cancelled.cancelledAt).toEqual(new Date(clock.now()));
    expect(await impacts()).toEqual(BROKEN);
    await refusal(() => tocsin.statusPage.cancelOverride(made.id, { by }), 'INVALID_TRANSITION');
    expect(await tocsin.statusPage.overrides()).toHaveLength(2);
  });

  test('without an end, with one that has passed or is far away, or of a component that does not exist is refused', async () => {
    const { tocsin } = pages();
    const all = { by, component: 'shop', impact: 'operational' } as const;
    const why = async (more: object, code: 'INPUT_INVALID' | 'REFERENCE_UNKNOWN' = 'INPUT_INVALID') =>
      (await refusal(() => tocsin.statusPage.override({ ...all, ...more }), code)).message;
    expect(await why({})).toContain('say when it ends');
    expect(await why({ until: T0 })).toContain('it has passed');
    expect(await why({ from: T0 + 2 * MINUTE, until: T0 + MINUTE })).toContain('it is not after `from`');
    expect(await why({ for: '31d' })).toContain('more than 30 days');
    expect(await why({ for: '1h', component: 'nope' }, 'REFERENCE_UNKNOWN')).toContain('Known: shop, search');
    expect(await why({ for: '1h', impact: 'fine' })).toContain('impact');
    await refusal(() => tocsin.statusPage.cancelOverride('nope', { by }), 'OVERRIDE_NOT_FOUND');
  });
});

/** A storage that can be told to fail, or never to answer. */
function breakable(clock: ReturnType<typeof virtualClock>) {
  const state = { mode: 'up' as 'up' | 'down' | 'hangs', reads: 0 };
  const real = memoryStorage({ clock });
  const broken =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      state.reads += 1;
      if (state.mode === 'up') return work(...args);
      return state.mode === 'down' ? Promise.reject(new Error('connection refused')) : new Promise(() => {});
    };
  const storage: Storage = {
    ...real,
    load: broken(real.load),
    documentVersions: broken(real.documentVersions),
    listDocuments: broken(real.listDocuments),
  };
  return { state, storage };
}

describe('while the storage is down', () => {
  test('the last page is shown, with its true age', async () => {
    const clock = virtualClock({ start: T0 });
    const { state, storage } = breakable(clock);
    const { tocsin, impacts } = pages({ clock, storage });
    await opened(tocsin);
    expect(await impacts()).toEqual(BROKEN);
    state.mode = 'down';
    await clock.advance(60 * MINUTE);
    const picture = await tocsin.statusPage.picture();
    expect([picture.at, picture.stale]).toEqual([T0, { askedAt: T0 + 60 * MINUTE }]);
    expect(picture.components[0]?.impact).toBe('major_outage');
    state.mode = 'up';
    expect((await tocsin.statusPage.picture()).stale).toBeUndefined();
  });

  test('what was made for people inside is never shown on a page that has become open since', async () => {
    const clock = virtualClock({ start: T0 });
    const { storage, state } = breakable(clock);
    const page = (audience: 'internal' | 'public') =>
      config({ status: { ...status, pages: [{ id: 'main', name: 'Example', audience }] } });
    const { tocsin } = world({ clock, storage, config: page('internal'), authorize: () => true });
    await opened(tocsin);
    expect((await tocsin.statusPage.picture({ as: by })).incidents[0]?.title).toBe('Problem disk');
    const open = tocsin.forTenant('default', { config: page('public') });
    state.mode = 'down';
    await refusal(() => open.statusPage.picture(), 'STORAGE_UNAVAILABLE');
    state.mode = 'up';
    expect((await open.statusPage.picture()).incidents).toEqual([]);
  });

  test('what was made private before that is on no last page', async () => {
    const clock = virtualClock({ start: T0 });
    const { storage, state } = breakable(clock);
    const { tocsin, titles } = pages({ clock, storage });
    const id = await opened(tocsin);
    await tocsin.incidents.postUpdate(id, { by, text: 'We were broken into.', audience: 'public', title: 'Trouble' });
    expect(await titles()).toEqual(['Trouble (investigating)']);
    await tocsin.incidents.update(id, { by, visibility: 'private' });
    state.mode = 'down';
    const last = await tocsin.statusPage.picture();
    expect(last.stale).toBeDefined();
    expect(JSON.stringify(last)).not.toMatch(/broken into|Trouble/);
  });

  test('one that never answers counts as down', async () => {
    const clock = virtualClock({ start: T0 });
    const { state, storage } = breakable(clock);
    const { tocsin, impacts } = pages({ clock, storage });
    await impacts();
    state.mode = 'hangs';
    await clock.advance(MINUTE);
    const asked = tocsin.statusPage.picture();
    await clock.advance(5 * SECOND);
    expect((await asked).stale).toBeDefined();
  });

  test('nothing is made up when nothing was shown yet', async () => {
    const clock = virtualClock({ start: T0 });
    const { state, storage } = breakable(clock);
    const { tocsin } = pages({ clock, storage });
    state.mode = 'down';
    await refusal(() => tocsin.statusPage.picture(), 'STORAGE_UNAVAILABLE');
  });

  test('a crowd is served by one look, and whoever asks after a change sees it', async () => {
    const clock = virtualClock({ start: T0 });
    const { state, storage } = breakable(clock);
    const { tocsin, impacts } = pages({ clock, storage });
    await impacts();
    await clock.advance(10 * SECOND);
    state.reads = 0;
    await Promise.all(Array.from({ length: 1_000 }, () => tocsin.statusPage.picture()));
    expect(state.reads).toBeLessThanOrEqual(3);
    await opened(tocsin);
    expect(await impacts()).toEqual(BROKEN);
  });
});

describe('maintenance', () => {
  test('that was announced is on the page before, during and after, and counts in no uptime', async () => {
    const { tocsin, clock, impacts, pass } = pages();
    const announcement = { title: 'New database', text: 'The shop is read-only.', components: ['shop'] };
    const stretch = { from: T0 + 60 * MINUTE, until: T0 + 120 * MINUTE };
    await tocsin.maintenance.set({ by, services: ['checkout'], ...stretch, announcement });
    const shown = async () => {
      const { maintenance, pastMaintenance } = await tocsin.statusPage.picture();
      return [...maintenance, ...pastMaintenance].map(({ title, status: how }) => `${title} (${how})`);
    };
    expect([await shown(), await impacts()]).toEqual([['New database (scheduled)'], FINE]);
    await pass(61 * MINUTE);
    expect([await shown(), await impacts()]).toEqual([
      ['New database (in_progress)'],
      ['shop: under_maintenance', 'search: operational'],
    ]);
    await pass(60 * MINUTE);
    expect([await shown(), await impacts()]).toEqual([['New database (completed)'], FINE]);
    const uptime = (await tocsin.statusPage.picture()).components[0]?.uptime;
    expect([uptime?.ratio, uptime?.days.at(-1)?.minutes]).toEqual([1, { under_maintenance: 60 }]);
    // Other windows are set meanwhile: what is over is still part of the history.
    await clock.advance(60 * DAY);
    await tocsin.maintenance.set({ by, services: ['search'], for: '1h' });
    const days = (await tocsin.statusPage.picture()).components[0]?.uptime?.days ?? [];
    expect(days.filter(({ worst }) => worst === 'under_maintenance')).toHaveLength(1);
  });

  test('that was announced inside is on no public page', async () => {
    const { tocsin } = pages();
    const announcement = { title: 'pg-7', text: 'x', components: ['shop'], audience: 'internal' as const };
    await tocsin.maintenance.set({ by, services: ['checkout'], for: '1h', announcement });
    expect((await tocsin.statusPage.picture()).maintenance).toEqual([]);
    expect((await tocsin.statusPage.picture({ page: 'inside', as: by })).maintenance).toHaveLength(1);
  });
});

describe('what is known better afterwards', () => {
  const today = async ({ tocsin }: Pick<ReturnType<typeof pages>, 'tocsin'>) => {
    const { past, components } = await tocsin.statusPage.picture();
    return {
      minutes: components[0]?.uptime?.days.at(-1)?.minutes,
      spans: past.map(({ startedAt, resolvedAt = 0 }) => [startedAt, resolvedAt].map((at) => (at - T0) / MINUTE)),
    };
  };

  test('when it began to hurt and when it was over count as people correct them, once or more often', async () => {
    const w = pages();
    const { incidents } = w.tocsin;
    const id = await opened(w.tocsin);
    await incidents.postUpdate(id, { by, text: 'We look into it.', audience: 'public' });
    await w.pass(30 * MINUTE);
    await incidents.resolve(id, { by });
    expect(await today(w)).toEqual({ minutes: { major_outage: 30 }, spans: [[0, 30]] });
    await w.pass(30 * MINUTE);
    await incidents.correctTimes(id, {
      by,
      times: { impactStartedAt: T0 - 60 * MINUTE, resolvedAt: T0 + 20 * MINUTE },
    });
    expect(await today(w)).toEqual({ minutes: { major_outage: 80 }, spans: [[-60, 20]] });
    await incidents.correctTimes(id, { by, times: { resolvedAt: T0 + 50 * MINUTE } });
    expect(await today(w)).toEqual({ minutes: { major_outage: 110 }, spans: [[-60, 50]] });
  });

  test('what is written down afterwards was when it was', async () => {
    const w = pages();
    const times = { impactStartedAt: T0 - 300 * MINUTE, resolvedAt: T0 - 180 * MINUTE };
    const { id } = await w.tocsin.incidents.open({
      ...{ by, title: 'db-7 was full', service: 'checkout', severity: 'SEV1' },
      ...{ kind: 'backfilled', times },
    });
    expect(await w.impacts()).toEqual(FINE);
    await w.tocsin.incidents.postUpdate(id, { by, text: 'Orders failed.', audience: 'public' });
    expect(await today(w)).toEqual({ minutes: { major_outage: 120 }, spans: [[-300, -180]] });
    await w.tocsin.incidents.correctTimes(id, { by, times: { resolvedAt: T0 - 60 * MINUTE } });
    expect(await today(w)).toEqual({ minutes: { major_outage: 240 }, spans: [[-300, -60]] });
  });
});

describe('what goes on', () => {
  const update = { by, audience: 'public', text: 'We look into it.', title: 'Orders fail' } as const;
  const over = { by, audience: 'public', text: 'It is over.', status: 'resolved' } as const;
  const listed = async ({ tocsin }: ReturnType<typeof pages>) => {
    const { incidents, past } = await tocsin.statusPage.picture();
    return { open: incidents.map(({ title }) => title), past: past.map(({ title }) => title) };
  };

  test('an incident that was said to be over too early is open again as soon as it gets worse', async () => {
    const w = pages();
    const id = await opened(w.tocsin, trigger('disk', { severity: 'warning' }));
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV2' });
    await w.tocsin.incidents.postUpdate(id, update);
    await w.pass(MINUTE);
    await w.tocsin.incidents.postUpdate(id, over);
    expect([await w.impacts(), await listed(w)]).toEqual([FINE, { open: [], past: ['Orders fail'] }]);
    await w.pass(MINUTE);
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV1' });
    expect([await w.impacts(), await listed(w)]).toEqual([BROKEN, { open: ['Orders fail'], past: [] }]);
    await w.tocsin.incidents.postUpdate(id, over);
    expect([await w.impacts(), await listed(w)]).toEqual([FINE, { open: [], past: ['Orders fail'] }]);
  });

  test('what was merged stays open on the page until its target ends, or the public is told of that', async () => {
    const w = pages();
    const told = await opened(w.tocsin);
    const target = await opened(w.tocsin, trigger('other'));
    await w.tocsin.incidents.postUpdate(told, update);
    await w.pass(MINUTE);
    await w.tocsin.incidents.merge(told, { by, into: target });
    await w.pass(MINUTE);
    expect([await w.impacts(), await listed(w)]).toEqual([BROKEN, { open: ['Orders fail'], past: [] }]);
    await w.tocsin.incidents.resolve(target, { by });
    expect([await w.impacts(), await listed(w)]).toEqual([FINE, { open: [], past: ['Orders fail'] }]);
    await w.tocsin.incidents.reopen(target, { by });
    await w.tocsin.incidents.postUpdate(target, { ...update, title: 'Payments fail' });
    expect(await listed(w)).toEqual({ open: ['Payments fail'], past: ['Orders fail'] });
  });
});
