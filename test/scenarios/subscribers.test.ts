/**
 * Subscribers: who hears of updates without responding, of which, and how they begin and end it.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, type Message, memoryStorage, notifyError } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import {
  config,
  contact,
  DAY,
  deliveries,
  HOUR,
  MINUTE,
  opened,
  refusal,
  SECOND,
  since,
  T0,
  trigger,
  type WorldOptions,
  world,
} from '../engine/world.ts';

const status = {
  components: [
    { id: 'shop', name: 'The shop', services: ['checkout'] },
    { id: 'api', name: 'The API', services: ['search'] },
  ],
  pages: [{ id: 'main', name: 'Status of ours', url: 'https://status.example' }],
};
const by = 'ana';

function hall(updates: ConfigInput['updates'] = {}, more: WorldOptions = {}) {
  const email = recordingNotifier('email');
  const w = world({
    secrets: ['a secret that only this test knows'],
    baseUrl: 'https://ops.example',
    notifiers: [email, { ...recordingNotifier('mirror'), mirrors: 'pagerduty' }],
    config: config({ status, updates: { strangers: { notifiers: ['email'] }, ...updates } }),
    ...more,
  });
  let seen = 0;
  return {
    ...w,
    email,
    add: (name: string, input: object = {}) =>
      w.tocsin.subscribers.add({ by, notifier: 'email', address: `${name}@x.example`, ...input }),
    post: (id: string, text: string, input: object = {}) =>
      w.tocsin.incidents.postUpdate(id, { by, text, audience: 'public', ...input }),
    /** What subscribers were told since this was last asked, as `+5m kim@x.example: title`. */
    told() {
      const fresh = email.sent.slice(seen).map(({ message }) => message);
      seen = email.sent.length;
      return fresh
        .filter(({ purpose }) => purpose === 'announcement')
        .map(({ to, title, sentAt }) => `${since(sentAt)} ${to.address.split('@')[0]}: ${title}`);
    },
    last: (): Message => email.sent.at(-1)!.message,
  };
}

const tokenIn = ({ links }: Message, text: string) =>
  links.find((link) => link.text === text)!.href.replace('https://ops.example/subscription/', '');

describe('what is told', () => {
  test('an update reaches every subscriber at once, each in its own words: the public reads no internal title', async () => {
    const w = hall();
    await w.add('kim');
    await w.add('lee', { audience: 'internal', locale: 'de' });
    const id = await opened(w.tocsin, { action: 'trigger', title: 'db-7 leaks', severity: 'critical' });
    await w.post(id, 'We know.');
    await w.tocsin.tick();
    expect(w.told().toSorted()).toEqual([
      '+0 kim: Investigating: The shop (major outage)',
      '+0 lee: Wird untersucht: db-7 leaks',
    ]);
    const [toKim, toLee] = ['kim', 'lee'].map((name) =>
      w.email.sent
        .map(({ message }) => message)
        .find(({ to, purpose }) => purpose === 'announcement' && to.address.startsWith(name)),
    );
    expect(toKim).toMatchObject({
      purpose: 'announcement',
      topic: 'update',
      body: 'We know.',
      lines: ['The shop'],
      actions: [],
      unsubscribe: expect.stringMatching(/^https:\/\/ops\.example\/subscription\/s1\./),
      links: [
        { href: 'https://status.example', text: 'Status of ours' },
        { href: expect.stringContaining('/subscription/'), text: 'Unsubscribe' },
      ],
    });
    expect(JSON.stringify(toKim)).not.toContain('db-7');
    expect(toLee).toMatchObject({ lines: ['SEV1 · Checkout · The shop'], locale: 'de' });
    expect(toLee?.links.map(({ text }) => text)).toEqual(['Abmelden']);
    expect(await deliveries(w.tocsin, id)).toEqual(expect.not.arrayContaining([expect.stringContaining('email')]));
  });

  test('the public reads the same words on the page and in messages, and never the id of a service', async () => {
    const w = hall();
    await w.add('kim');
    for (const service of ['search', 'checkout']) {
      const { id } = await w.tocsin.incidents.open({ by, title: 'db-7', service, severity: 'SEV1' });
      await w.post(id, 'We know.');
      await w.tocsin.tick();
      const { incidents } = await w.tocsin.statusPage.picture();
      const { title } = incidents.find((one) => one.id === id)!;
      // In the same words; but in a message a colon stands after the status already.
      const inMessages = title.replace(/: (.*)$/, ' ($1)');
      expect(w.told()).toEqual([`${since(w.clock.now())} kim: Investigating: ${inMessages}`]);
      await w.pass(5 * MINUTE);
    }
    const { tocsin } = hall({}, { config: config({ services: [{ id: 'pg-7-eu', escalationPolicy: 'default' }] }) });
    const { id } = await tocsin.incidents.open({ by, title: 'db-7', service: 'pg-7-eu' });
    const { text } = await tocsin.incidents.updateTemplate(id, { audience: 'public' });
    expect(text).toMatch(/^We are looking into a problem with our services since/);
    const inside = await tocsin.incidents.updateTemplate(id, { audience: 'internal' });
    expect(inside.text).toContain('pg-7-eu');
  });

  test('what nobody has given a title is called by the words of whoever reads it, and a title that somebody wrote is kept', async () => {
    const components = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: `Part ${id}`, services: ['checkout'] }));
    const pages = [{ id: 'main', name: 'Status of ours' }];
    const w = hall({}, { config: config({ status: { components, pages } }) });
    await w.add('kim', { locale: 'de' });
    await w.add('lou', { locale: 'en' });
    const { id } = await w.tocsin.incidents.open({ by, title: 'db-7', service: 'checkout', severity: 'SEV1' });
    await w.post(id, 'We know.');
    await w.tocsin.tick();
    expect(w.told().toSorted()).toEqual([
      '+0 kim: Wird untersucht: Part a, Part b, Part c und 1 weitere (schwerer Ausfall)',
      '+0 lou: Investigating: Part a, Part b, Part c and 1 more (major outage)',
    ]);
    await w.pass(5 * MINUTE);
    await w.post(id, 'Still.', { title: 'Orders fail' });
    await w.tocsin.tick();
    expect(w.told().toSorted()).toEqual([
      '+5m kim: Wird untersucht: Orders fail',
      '+5m lou: Investigating: Orders fail',
    ]);
  });

  test('a service without a name is no word for subscribers either', async () => {
    const w = hall({}, { config: config({ services: [{ id: 'pg-7-eu', escalationPolicy: 'default' }] }) });
    await w.add('kim');
    const { id } = await w.tocsin.incidents.open({ by, title: 'db-7', service: 'pg-7-eu' });
    await w.add('lee', { locale: 'de' });
    await w.post(id, 'We know.');
    await w.tocsin.tick();
    expect(w.told().toSorted()).toEqual(['+0 kim: Investigating: Incident', '+0 lee: Wird untersucht: Störung']);
  });

  test('a component that is on pages for people inside only is named to nobody outside', async () => {
    const components = [
      { id: 'shop', name: 'The shop', services: ['checkout'] },
      { id: 'ledger', name: 'Ledger of pg-7', services: ['search'] },
    ];
    const pages = [
      { id: 'main', name: 'Status of ours', components: ['shop'] },
      { id: 'inside', name: 'Inside', audience: 'internal' as const },
    ];
    const w = hall({}, { config: config({ status: { components, pages } }) });
    await w.add('kim');
    await w.add('lee', { audience: 'internal' });
    const { id } = await w.tocsin.incidents.open({ by, title: 'db-7', service: 'search', severity: 'SEV1' });
    const { text } = await w.tocsin.incidents.updateTemplate(id, { audience: 'public' });
    expect(text).not.toContain('pg-7');
    await w.post(id, 'We know.', { components: { ledger: 'major_outage' } });
    const announcement = { title: 'Works', text: 'Slow.', components: ['shop', 'ledger'] };
    await w.tocsin.maintenance.set({ by, services: ['search'], from: T0 + HOUR, for: '1h', announcement });
    await w.pass(6 * MINUTE);
    const texts = (name: string) =>
      w.email.sent.flatMap(({ message }) => (message.to.address.startsWith(name) ? JSON.stringify(message) : []));
    expect(texts('kim')).toHaveLength(2);
    expect(texts('kim').join()).not.toContain('pg-7');
    expect(texts('kim').join()).toContain('The shop');
    expect(texts('lee').join()).toContain('pg-7');
  });

  test('an update is told with the status that it had, and after the end nothing is under way any more', async () => {
    const w = hall();
    await w.add('kim');
    const id = await opened(w.tocsin);
    await w.post(id, 'We look into it.', { title: 'Orders fail' });
    await w.tocsin.incidents.resolve(id, { by });
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+0 kim: 2 updates: Orders fail']);
    expect(w.last().body).toBe(
      [
        'Resolved: Orders fail (2026-01-06 10:00 UTC)\nThis incident is resolved.',
        'Investigating: Orders fail (2026-01-06 10:00 UTC)\nWe look into it.',
      ].join('\n\n'),
    );
    await w.pass(5 * MINUTE);
    await w.post(id, 'We watch it.', { status: 'monitoring' });
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+5m kim: Resolved: Orders fail']);
  });

  test('what is said inside reaches nobody outside', async () => {
    const w = hall();
    await w.add('kim');
    await w.add('lee', { audience: 'internal' });
    const id = await opened(w.tocsin);
    await w.post(id, 'It is db-7.', { audience: 'internal' });
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+0 lee: Investigating: Problem disk']);
  });

  test('the first update goes at once, and those that follow within five minutes come as one message', async () => {
    const w = hall();
    await w.add('kim');
    await w.add('api', { components: ['api'] });
    const shop = await opened(w.tocsin, trigger('a'));
    await w.post(shop, 'One.');
    await w.pass(MINUTE);
    expect(w.told()).toEqual(['+0 kim: Investigating: The shop (major outage)']);
    await w.post(shop, 'Two.', { status: 'identified' });
    const { id: api } = await w.tocsin.incidents.open({ by, title: 'X', service: 'search' });
    await w.pass(MINUTE);
    await w.post(api, 'Three.', { title: 'Slow answers' });
    await w.pass(10 * MINUTE);
    expect(w.told().toSorted()).toEqual([
      '+5m api: Investigating: Slow answers',
      '+5m kim: 2 updates: Slow answers, The shop (major outage)',
    ]);
    const digest = w.email.sent.find(({ message }) => message.title.startsWith('2 updates'))?.message;
    expect(digest?.body).toBe(
      'Investigating: Slow answers (2026-01-06 10:02 UTC)\nThree.\n\nIdentified: The shop (major outage) (2026-01-06 10:01 UTC)\nTwo.',
    );
    await w.post(shop, 'Four.');
    await w.pass(MINUTE);
    expect(w.told()).toEqual(['+12m kim: Investigating: The shop (major outage)']);
  });

  test('a subscriber hears of their components, from their level on, and of what their condition holds for', async () => {
    const w = hall();
    await w.add('shop', { components: ['shop'] });
    await w.add('api', { components: ['api'] });
    await w.add('grave', { from: 'SEV1' });
    await w.add('picky', { when: { field: 'components', op: 'contains', value: 'shop' } });
    await w.add('nosy', { when: { field: 'labels.team', op: 'exists' } });
    await w.add('inside', { audience: 'internal', when: { field: 'labels.team', op: 'exists' } });
    const id = await opened(w.tocsin, trigger('a', { severity: 'warning', labels: { team: 'x' } }));
    await w.post(id, 'One.');
    await w.tocsin.tick();
    expect(
      w
        .told()
        .map((line) => line.split(' ')[1])
        .toSorted(),
    ).toEqual(['inside:', 'picky:', 'shop:']);
  });

  test('of what is less severe than the threshold an audience hears nothing, and who heard it begin hears it end', async () => {
    const w = hall({ from: { public: 'SEV1', internal: 'SEV2' } });
    await w.add('kim');
    await w.add('lee', { audience: 'internal' });
    const id = await opened(w.tocsin, trigger('a', { severity: 'error' }));
    await w.post(id, 'One.');
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+0 lee: Investigating: Problem a']);
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV1' });
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV3' });
    await w.post(id, 'Over.', { status: 'resolved' });
    await w.pass(5 * MINUTE);
    expect(w.told().toSorted()).toEqual(['+5m kim: Resolved: Incident', '+5m lee: Resolved: Problem a']);
  });

  test('of what is private only responders hear, also when it became so after it was posted', async () => {
    const w = hall();
    await w.add('kim');
    await w.add('ana', { audience: 'internal', user: 'ana' });
    await w.add('ben', { audience: 'internal', user: 'ben' });
    const { id } = await w.tocsin.incidents.open({
      by: 'boss',
      title: 'Leak',
      service: 'checkout',
      visibility: 'private',
    });
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.post(id, 'Quiet.', { audience: 'internal' });
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+0 ana: Investigating: Leak']);
    const other = await opened(w.tocsin, trigger('b'));
    await w.post(other, 'We know.');
    // It waits to be told together with what comes within five minutes.
    await w.tocsin.tick();
    await w.tocsin.incidents.update(other, { by, visibility: 'private' });
    await w.pass(5 * MINUTE);
    expect(w.told()).toEqual([]);
  });

  test('what became private while it was on its way is told to nobody outside any more, and is no dead letter', async () => {
    const w = hall();
    await w.add('kim');
    await w.add('lee', { audience: 'internal', user: 'ana' });
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    w.email.failWith(() => {
      throw notifyError('try again', { permanent: false });
    });
    await w.post(id, 'We were broken into.', { title: 'Trouble' });
    await w.tocsin.tick();
    expect(w.email.sent).toEqual([]);
    w.email.failWith(undefined);
    await w.tocsin.incidents.update(id, { by, visibility: 'private' });
    await w.pass(10 * MINUTE);
    const heard = w.told();
    expect(heard).toEqual([expect.stringMatching(/ lee: Investigating: Problem disk$/)]);
    expect(await w.tocsin.deadLetters.list()).toEqual([]);
    expect((await w.tocsin.subscribers.list()).items.every(({ failingAt }) => failingAt === undefined)).toBe(true);
  });

  test('of tests and drills people inside hear what they are, and nobody outside hears anything', async () => {
    const w = hall();
    await w.add('kim');
    await w.add('lee', { audience: 'internal' });
    const { id } = await w.tocsin.incidents.open({ by, title: 'Fire', service: 'checkout', kind: 'drill' });
    await w.post(id, 'Go.', { audience: 'internal' });
    const { id: past } = await w.tocsin.incidents.open({ by, title: 'Old', service: 'checkout', kind: 'backfilled' });
    await w.post(past, 'It was so.');
    await w.pass(5 * MINUTE);
    expect(w.told()).toEqual(['+0 lee: DRILL: Fire (Investigating)']);
  });

  test('ten thousand subscribers are written in one commit, told once each, and a page goes out meanwhile', async () => {
    const w = hall();
    const commits: number[] = [];
    const commit = w.storage.commit.bind(w.storage);
    w.storage.commit = (changes) => {
      for (const { deliveries: rows } of changes) if (rows.length > 100) commits.push(rows.length);
      return commit(changes);
    };
    const stored = Array.from({ length: 10_000 }, (_, n) => ({
      collection: 'subscribers',
      id: `s${n}`,
      expectedVersion: 0,
      data: {
        id: `s${n}`,
        audience: 'public',
        notifier: 'email',
        address: `s${n}@x.example`,
        createdAt: T0,
        confirmedAt: T0,
      },
    }));
    const none = { incidents: [], alerts: [], timers: [], withdrawals: [], deliveries: [], slots: [], counters: [] };
    await commit([{ ...none, commitId: 'many', tenant: 'default', documents: stored }]);
    const id = await opened(w.tocsin);
    await w.pass(MINUTE);
    await w.post(id, 'We know.');
    await w.pass(SECOND, SECOND);
    expect(w.email.sent.length).toBeLessThan(2_000);
    await opened(w.tocsin, trigger('other'));
    const before = w.email.sent.length;
    await w.tocsin.tick();
    expect(w.sms.sent.at(-1)?.message.title).toBe('Problem other');
    expect(w.email.sent.length - before).toBeLessThan(100);
    await w.pass(15 * SECOND, SECOND);
    expect(commits).toEqual([10_000]);
    expect(new Set(w.email.sent.map(({ message }) => message.to.address)).size).toBe(10_000);
    expect(w.email.attempts).toHaveLength(10_000);
  }, 60_000);
});

describe('how much is told at once', () => {
  test('a clock that is set back by a day keeps nothing for longer than a digest', async () => {
    const running = virtualClock({ start: T0 });
    let behindMs = 0;
    const clock = { ...running, now: () => running.now() - behindMs };
    const w = hall({}, { clock, storage: memoryStorage({ clock }) });
    await w.add('kim');
    const id = await opened(w.tocsin);
    await w.post(id, 'One.', { title: 'Slow' });
    await w.tocsin.tick();
    expect(w.told()).toHaveLength(1);
    behindMs = DAY;
    await w.post(id, 'Two.');
    await w.pass(6 * MINUTE);
    expect(w.told()).toEqual([expect.stringContaining('kim: Investigating: Slow')]);
  });

  test('a hundred updates that wait are told at once: the latest in full, and how many more there were', async () => {
    const w = hall();
    await w.add('kim');
    const id = await opened(w.tocsin);
    await w.post(id, 'First.');
    await w.tocsin.tick();
    for (let n = 1; n <= 100; n += 1) await w.post(id, `Number ${n}.`);
    await w.tocsin.tick();
    expect(w.told()).toEqual([
      '+0 kim: Investigating: The shop (major outage)',
      '+0 kim: 100 updates: The shop (major outage)',
    ]);
    const { body = '' } = w.last();
    expect(body).toMatch(/Number 100\.[\s\S]*\n\nand \d+ more$/);
    expect(body.match(/Number/g)!.length + Number(/and (\d+) more$/.exec(body)![1])).toBe(100);
  });
});

describe('how it begins and ends', () => {
  test('a stranger is told nothing before they confirm, and hears what they asked for afterwards', async () => {
    const w = hall();
    await w.tocsin.subscribers.subscribe({
      notifier: 'email',
      address: 'kim@x.example',
      components: ['shop'],
      locale: 'de',
    });
    const id = await opened(w.tocsin);
    await w.post(id, 'One.');
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+0 kim: Bestätige, dass du von Neuigkeiten hören willst']);
    const token = tokenIn(w.last(), 'Bestätigen');
    expect(await w.tocsin.subscribers.peek(token)).toEqual({
      action: 'confirm',
      locale: 'de',
      address: 'k…@x.example',
      components: ['The shop'],
      already: false,
    });
    expect((await w.tocsin.subscribers.list()).items).toMatchObject([{ isConfirmed: false }]);
    expect(await w.tocsin.subscribers.confirm(token)).toEqual({ action: 'confirm', locale: 'de', already: false });
    expect(await w.tocsin.subscribers.confirm(token)).toMatchObject({ already: true });
    await w.post(id, 'Two.');
    await w.pass(5 * MINUTE);
    expect(w.told()).toEqual(['+0 kim: Wird untersucht: The shop (schwerer Ausfall)']);
  });

  test('strangers subscribe only by the notifiers that are named for them, and nobody else is rung up by a form', async () => {
    const w = hall({ strangers: { notifiers: [] } });
    const ask = (tocsin: typeof w.tocsin, notifier: string, more: object = {}) =>
      tocsin.subscribers.subscribe({ notifier, address: 'kim@x.example', ...more });
    const error = await refusal(() => ask(w.tocsin, 'email'), 'INPUT_INVALID');
    expect(error.message).toContain('updates.strangers.notifiers');
    expect(error.details).toMatchObject({ problems: [{ path: 'notifier' }] });
    const open = hall();
    for (const notifier of ['voice', 'sms', 'mirror', 'pigeon'])
      await refusal(() => ask(open.tocsin, notifier), 'INPUT_INVALID');
    await open.tocsin.tick();
    expect(open.voice.attempts).toEqual([]);
    // What the host vouches for goes by any.
    await open.add('lee', { notifier: 'voice' });
    const unknown = await refusal(() => hall({ strangers: { notifiers: ['fax'] } }), 'CONFIG_INVALID');
    expect(unknown.details).toMatchObject({ problems: [{ path: 'updates.strangers.notifiers[0]' }] });
    const platform = await refusal(() => hall({ strangers: { notifiers: ['mirror'] } }), 'CONFIG_INVALID');
    expect(platform.details).toMatchObject({ problems: [{ path: 'updates.strangers.notifiers[0]' }] });
  });

  test('a stranger says nothing by which services, levels or what is inside could be found out', async () => {
    const components = [
      { id: 'shop', name: 'The shop', services: ['checkout'] },
      { id: 'ledger', name: 'Ledger of pg-7', services: ['search'] },
    ];
    const pages = [
      { id: 'main', name: 'Status of ours', components: ['shop'] },
      { id: 'inside', name: 'Inside', audience: 'internal' as const },
    ];
    const updates = { strangers: { notifiers: ['email'] } };
    const w = hall({}, { config: config({ status: { components, pages }, updates }) });
    const ask = (more: object) =>
      w.tocsin.subscribers.subscribe({ notifier: 'email', address: 'kim@x.example', ...more });
    await refusal(() => ask({ when: { field: 'service', op: 'equals', value: 'checkout' } }), 'INPUT_INVALID');
    await refusal(() => ask({ from: 'SEV1' }), 'INPUT_INVALID');
    const inside = await refusal(() => ask({ components: ['ledger'] }), 'REFERENCE_UNKNOWN');
    const nowhere = await refusal(() => ask({ components: ['nothing'] }), 'REFERENCE_UNKNOWN');
    expect(inside.message.replace('ledger', 'nothing')).toBe(nowhere.message);
    expect(JSON.stringify(nowhere.details)).not.toContain('ledger');
    await ask({ components: ['shop'], locale: 'de' });
  });

  test('a request that nobody confirms is forgotten after a week, and its link is refused', async () => {
    const w = hall();
    await w.tocsin.subscribers.subscribe({ notifier: 'email', address: 'kim@x.example' });
    await w.tocsin.tick();
    const token = tokenIn(w.last(), 'Confirm');
    await w.sleep(7 * DAY);
    const error = await refusal(() => w.tocsin.subscribers.confirm(token), 'ACTION_REFUSED');
    expect(error.details).toMatchObject({ why: 'expired' });
    expect((await w.tocsin.subscribers.list()).items).toEqual([]);
  });

  test('to ask for an address that is known changes nothing for whoever has it, and answers the same', async () => {
    const w = hall();
    const { id } = await w.add('kim', { components: ['shop'] });
    const ask = () =>
      w.tocsin.subscribers.subscribe({ notifier: 'email', address: 'KIM@x.example', components: ['api'] });
    for (let n = 0; n < 5; n += 1) expect(await ask()).toBeUndefined();
    await w.tocsin.tick();
    // Whoever asks again and again is no nuisance to others.
    expect(w.told()).toHaveLength(3);
    expect((await w.tocsin.subscribers.list()).items).toMatchObject([{ id, components: ['shop'], isConfirmed: true }]);
    await w.tocsin.subscribers.confirm(tokenIn(w.last(), 'Confirm'));
    expect((await w.tocsin.subscribers.list()).items).toMatchObject([{ id, components: ['api'] }]);
  });

  test('whoever has unsubscribed gets nothing, not even what was on its way', async () => {
    const w = hall();
    await w.add('kim');
    const id = await opened(w.tocsin);
    await w.post(id, 'One.');
    await w.tocsin.tick();
    const token = tokenIn(w.last(), 'Unsubscribe');
    w.told();
    w.email.failWith(() => {
      throw notifyError('busy');
    });
    await w.post(id, 'Two.');
    await w.pass(5 * MINUTE);
    w.email.failWith(undefined);
    expect(await w.tocsin.subscribers.peek(token)).toMatchObject({ action: 'unsubscribe', already: false });
    expect(await w.tocsin.subscribers.unsubscribe(token)).toMatchObject({ already: false });
    await w.post(id, 'Three.');
    await w.pass(HOUR);
    expect(w.told()).toEqual([]);
    // Nothing has failed.
    expect(await w.tocsin.deadLetters.list()).toEqual([]);
    // Pressed again, a year later: it does no harm, and says so.
    await w.sleep(365 * DAY);
    expect(await w.tocsin.subscribers.unsubscribe(token)).toMatchObject({ already: true });
    expect(await w.tocsin.subscribers.peek(token)).toMatchObject({ already: true });
  });

  test('a forged link, a link of another kind or of another tenant is refused and changes nothing', async () => {
    const w = hall();
    await w.add('kim');
    await w.post(await opened(w.tocsin), 'One.');
    await w.tocsin.tick();
    const token = tokenIn(w.last(), 'Unsubscribe');
    const why = async (work: () => unknown) => (await refusal(work, 'ACTION_REFUSED')).details.why;
    expect(await why(() => w.tocsin.subscribers.unsubscribe(`${token.slice(0, -2)}xx`))).toBe('forged');
    expect(await why(() => w.tocsin.subscribers.unsubscribe('s1.x'))).toBe('malformed');
    expect(await why(() => w.tocsin.subscribers.unsubscribe(undefined as never))).toBe('malformed');
    expect(await why(() => w.tocsin.subscribers.confirm(token))).toBe('foreign');
    expect(await why(() => w.tocsin.actions.redeem(token))).toBe('malformed');
    const other = w.tocsin.forTenant('other', { config: config() });
    expect(await why(() => other.subscribers.unsubscribe(token))).toBe('foreign');
    expect((await w.tocsin.subscribers.list()).items).toHaveLength(1);
  });

  test('an address that nothing can deliver to is left alone after three messages, calls nobody up, and stands among the dead letters', async () => {
    const called: string[] = [];
    const w = hall({}, { onDeadLetter: ({ id }) => void called.push(id) });
    const { id: kim } = await w.add('kim');
    w.email.failWith(() => {
      throw notifyError('no such mailbox', { permanent: true });
    });
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    for (let n = 0; n < 5; n += 1) {
      await w.post(id, `Number ${n}.`);
      await w.pass(5 * MINUTE);
    }
    expect(w.email.attempts).toHaveLength(3);
    expect(called).toEqual([]);
    expect((await w.tocsin.subscribers.list()).items).toMatchObject([{ id: kim, failingAt: expect.any(Date) }]);
    expect(await w.tocsin.deadLetters.list()).toMatchObject(
      [1, 2, 3].map(() => ({ purpose: 'announcement', notifier: 'email' })),
    );
    const { isHealthy, notifiers } = await w.tocsin.health();
    expect(isHealthy).toBe(true);
    expect(notifiers.find(({ name }) => name === 'email')).toMatchObject({ breaker: 'closed', attempts: 0 });
    w.email.failWith(undefined);
    await w.tocsin.subscribers.update(kim, { by, failing: false });
    await w.post(id, 'Again.');
    await w.pass(5 * MINUTE);
    expect(w.told()).toHaveLength(1);
  });

  test('a provider that is down for days loses no subscriber', async () => {
    const w = hall();
    await w.add('kim');
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    w.email.failWith(() => {
      throw notifyError('down', { permanent: false });
    });
    for (let n = 0; n < 4; n += 1) {
      await w.post(id, `Number ${n}.`);
      await w.pass(DAY, HOUR);
    }
    expect((await w.tocsin.deadLetters.list()).filter(({ purpose }) => purpose === 'announcement')).toHaveLength(4);
    w.email.failWith(undefined);
    await w.post(id, 'We are back.');
    await w.pass(5 * MINUTE);
    expect(w.told()).toHaveLength(1);
  });

  test('subscribers are listed page by page, changed and removed; what is wrong is named', async () => {
    const w = hall();
    for (const name of ['a', 'b', 'c']) await w.add(name);
    const first = await w.tocsin.subscribers.list({ limit: 2 });
    const second = await w.tocsin.subscribers.list({ limit: 2, cursor: first.next! });
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, undefined]);
    const { id } = first.items[0]!;
    expect(await w.tocsin.subscribers.update(id, { by, components: ['api'], from: 'SEV2' })).toMatchObject({
      components: ['api'],
      from: 'SEV2',
    });
    expect(await w.tocsin.subscribers.update(id, { by, components: null })).not.toHaveProperty('components');
    await w.tocsin.subscribers.remove(id, { by });
    await refusal(() => w.tocsin.subscribers.remove(id, { by }), 'SUBSCRIBER_NOT_FOUND');
    await refusal(() => w.tocsin.subscribers.update('none', { by }), 'SUBSCRIBER_NOT_FOUND');
    await refusal(() => w.add('b'), 'INPUT_INVALID');
    await refusal(() => w.add('x', { components: ['none'] }), 'REFERENCE_UNKNOWN');
    await refusal(() => w.add('x', { from: 'SEV9' }), 'REFERENCE_UNKNOWN');
    await refusal(() => w.add('x', { notifier: 'pigeon' }), 'REFERENCE_UNKNOWN');
    await refusal(() => w.add('x', { notifier: 'mirror' }), 'INPUT_INVALID');
    await refusal(() => w.add('x', { user: 'nobody' }), 'REFERENCE_UNKNOWN');
    await refusal(() => w.add('x', { when: { field: 'severity', op: 'matches', value: '(' } }), 'INPUT_INVALID');
    await refusal(() => w.tocsin.subscribers.subscribe({ notifier: 'email', address: ' ' }), 'INPUT_INVALID');
  });

  test('without secrets nobody can be asked to confirm, and updates go out without a link', async () => {
    const email = recordingNotifier('email');
    const { tocsin } = world({
      notifiers: [email],
      config: config({
        updates: { strangers: { notifiers: ['email'] } },
        users: [
          { id: 'ana', contacts: [contact('sms', 'ana')] },
          { id: 'ben', contacts: [contact('sms', 'ben')] },
          { id: 'boss', contacts: [contact('sms', 'boss')] },
        ],
      }),
    });
    await refusal(() => tocsin.subscribers.subscribe({ notifier: 'email', address: 'kim@x.example' }), 'INPUT_INVALID');
    await tocsin.subscribers.add({ by, notifier: 'email', address: 'kim@x.example' });
    await tocsin.incidents.postUpdate(await opened(tocsin), { by, text: 'x', audience: 'public' });
    await tocsin.tick();
    expect(email.sent[0]?.message).toMatchObject({ title: 'Investigating: Incident', links: [] });
  });
});
