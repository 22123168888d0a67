/**
 * A mirrored incident lives its whole life against servers that behave as PagerDuty, Opsgenie and Rootly document: what is
 * done here is done there, what is done there is done here, and the two come to rest.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AlertEvent, IngestResult, Notifier } from '../../src/index.ts';
import { opsgenieNotifier } from '../../src/notifiers/opsgenie.ts';
import { pagerDutyNotifier } from '../../src/notifiers/pagerduty.ts';
import { rootlyNotifier } from '../../src/notifiers/rootly.ts';
import { opsgenieWebhooks } from '../../src/sources/opsgenie-webhooks.ts';
import { pagerDutyWebhooks, verifyPagerDutyWebhook } from '../../src/sources/pagerduty-webhooks.ts';
import { rootlyWebhooks, verifyRootlyWebhook } from '../../src/sources/rootly-webhooks.ts';
import { type VirtualClock, virtualClock } from '../../src/testing/index.ts';
import { opsgeniePlatform } from '../support/platforms/opsgenie.ts';
import { pagerDutyServer } from '../support/platforms/pagerduty.ts';
import { rootlyPlatform } from '../support/platforms/rootly.ts';
import { config, events, incident, MINUTE, opened, SECOND, stands, T0, trigger, world } from './world.ts';

type Person = 'acknowledge' | 'resolve';
/** One platform, as this test looks at it. */
type Mirrored = {
  readonly notifier: Notifier;
  readonly address: string;
  /** What stands there, in order: `acknowledged Disk full`. */
  shown(): readonly string[];
  notes(): readonly string[];
  /** How many requests it has had. */
  requests(): number;
  /** ben does something there. */
  person(what: Person): void;
  close(): void;
};
type Hears = (events: readonly AlertEvent[]) => void;
type Opens = (hears: Hears, clock: VirtualClock) => Promise<Mirrored>;

const secret = 'the signing secret of this test';

/** `knowsUs`: whether the source was told which agent is ours. */
const pagerDuty =
  (knowsUs: boolean, withRest = true): Opens =>
  async (hears, clock) => {
    const routingKey = 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6';
    const token = 'u+s3cretT0ken';
    const source = pagerDutyWebhooks({ users: { PBEN001: 'ben' }, ...(knowsUs && { ours: ['PXMQRWJ'] }) });
    const server = await pagerDutyServer({
      routingKeys: { [routingKey]: 'PSVC001' },
      token,
      secrets: [secret],
      now: clock.now,
      onWebhook(webhook) {
        const verified = verifyPagerDutyWebhook({ ...webhook, secrets: [secret] });
        if (!verified.ok) throw new Error(verified.reason);
        hears(source.parse(verified.text, webhook.headers));
      },
    });
    const rest = { token, from: 'bot@acme.example' };
    return {
      notifier: pagerDutyNotifier({ routingKeys: { default: routingKey }, ...server.urls, ...(withRest && { rest }) }),
      address: 'default',
      shown: () => server.incidents.map(({ status, title }) => `${status} ${title}`),
      notes: () => server.incidents.flatMap(({ notes }) => notes),
      requests: () => server.requests.length,
      person: (what) => server.act(server.incidents.at(-1)?.id ?? '', what, 'PBEN001'),
      close: () => server.close(),
    };
  };

const opsgenie: Opens = async (hears, clock) => {
  const apiKey = 'eb243592-faa2-4ba2-a551-1afdf565c889';
  const source = opsgenieWebhooks({ users: { 'ben@example.org': 'ben' } });
  const platform = await opsgeniePlatform({ apiKey, now: clock.now, onWebhook: (body) => hears(source.parse(body)) });
  const status = ({ status: state, acknowledged }: (typeof platform.alerts)[number]) =>
    state === 'closed' ? 'resolved' : acknowledged ? 'acknowledged' : 'triggered';
  return {
    notifier: opsgenieNotifier({ apiKeys: { default: apiKey }, baseUrl: platform.baseUrl }),
    address: 'default',
    shown: () => platform.alerts.map((alert) => `${status(alert)} ${alert.message}`),
    notes: () => platform.alerts.flatMap(({ notes }) => notes.map(({ note }) => note)),
    requests: () => platform.asked.length,
    person: (what) =>
      platform.person('ben@example.org', what === 'resolve' ? 'close' : what, platform.alerts.at(-1)?.alias ?? ''),
    close: () => platform.close(),
  };
};

const rootly =
  (as: 'alert' | 'incident'): Opens =>
  async (hears, clock) => {
    const token = 'rootly_0123456789abcdef';
    const source = rootlyWebhooks({ users: { 'ben@example.org': 'ben' } });
    const platform = await rootlyPlatform({
      token,
      secret,
      now: clock.now,
      onWebhook({ headers, body }) {
        const verified = verifyRootlyWebhook({ headers, body, secrets: [secret], nowMs: clock.now() });
        if (!verified.ok) throw new Error(verified.reason);
        hears(source.parse(verified.text));
      },
    });
    const status = (said: unknown) =>
      ({ open: 'triggered', started: 'triggered', in_triage: 'triggered' })[String(said)] ?? String(said);
    return {
      notifier: rootlyNotifier({ token, baseUrl: platform.baseUrl, as }),
      address: as === 'alert' ? 'Service:s-1' : 'none',
      shown: () =>
        platform.records.map(
          ({ attributes }) => `${status(attributes.status)} ${attributes.title ?? attributes.summary}`,
        ),
      notes: () => platform.records.flatMap(({ events: all }) => all.map(({ event }) => String(event))),
      requests: () => platform.asked.length,
      person: (what) =>
        platform.person(
          'ben@example.org',
          what === 'resolve' ? 'resolved' : 'acknowledged',
          platform.records.at(-1)?.id ?? '',
        ),
      close: () => platform.close(),
    };
  };

/** A world with one mirror, whose webhooks come in with everything that is due. */
async function mirroredWorld(opens: Opens) {
  const clock = virtualClock({ start: T0 });
  const heard: AlertEvent[] = [];
  const mirrored = await opens((told) => void heard.push(...told), clock);
  onTestFinished(() => mirrored.close());
  const { notifier, address } = mirrored;
  const mirrors = [{ id: 'm1', notifier: notifier.name, address }];
  const w = world({ clock, config: config({ mirrors }), notifiers: [notifier] });
  const results: IngestResult[] = [];
  /** Everything that is due, and every webhook, until nothing follows any more; each comes twice, as they may. */
  const settle = async () => {
    for (let quiet = 0; quiet < 20; quiet += 1) {
      await w.pass(SECOND, SECOND);
      const told = heard.splice(0);
      if (told.length > 0) quiet = 0;
      for (const event of [...told, ...told]) results.push(...(await w.tocsin.ingest(event)));
    }
  };
  const minuteLater = () => clock.advance(MINUTE);
  return { ...w, mirrored, results, settle, minuteLater };
}

describe.each<[string, Opens]>([
  ['PagerDuty', pagerDuty(true)],
  ['PagerDuty without its REST API', pagerDuty(true, false)],
  ['PagerDuty whose source was not told which agent is ours', pagerDuty(false)],
  ['Opsgenie', opsgenie],
  ['alerts of Rootly', rootly('alert')],
  ['incidents of Rootly', rootly('incident')],
])('%s', (name, opens) => {
  const canNote = name !== 'PagerDuty without its REST API' && name !== 'alerts of Rootly';

  test('follows from the first page to the end, and nothing echoes', async () => {
    const w = await mirroredWorld(opens);
    const { tocsin, mirrored, settle, minuteLater } = w;
    const id = await opened(tocsin, trigger('disk', { title: 'Disk full' }));
    await settle();
    expect(mirrored.shown()).toEqual(['triggered Disk full']);
    expect((await incident(tocsin, id)).externalRefs).toHaveLength(1);

    await minuteLater();
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    await settle();
    expect(mirrored.shown()).toEqual(['acknowledged Disk full']);

    await minuteLater();
    await tocsin.incidents.addNote(id, { by: 'ana', text: 'Failing over' });
    await tocsin.incidents.setSeverity(id, { by: 'ana', severity: 'SEV2' });
    await settle();
    if (canNote) expect(mirrored.notes().join('\n')).toContain('Failing over');

    await minuteLater();
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await settle();
    expect(mirrored.shown()).toEqual(['resolved Disk full']);

    const calls = mirrored.requests();
    await settle();
    expect(mirrored.requests()).toBe(calls);
    // Everything was done here: nothing that came back changed anything, and nothing was opened by it.
    const people = (await events(tocsin, id)).filter(({ type }) => /acknowledged|resolved|reopened/.test(type));
    expect(people.map(({ type, by }) => [type, by])).toEqual([
      ['incident.acknowledged', { kind: 'user', id: 'ana' }],
      ['incident.resolved', { kind: 'user', id: 'ana' }],
    ]);
    expect((await tocsin.incidents.list()).items).toHaveLength(1);
    expect(await tocsin.deadLetters.list()).toEqual([]);
  });

  test('tells what people do there, and who did it', async () => {
    const { tocsin, mirrored, settle, minuteLater } = await mirroredWorld(opens);
    const id = await opened(tocsin, trigger('disk', { title: 'Disk full' }));
    await settle();
    await minuteLater();
    mirrored.person('acknowledge');
    await settle();
    expect(await stands(tocsin, id)).toBe('triage / acknowledged');
    expect((await incident(tocsin, id)).acknowledgedBy).toEqual(['ben']);

    await minuteLater();
    mirrored.person('resolve');
    await settle();
    expect(await stands(tocsin, id)).toBe('resolved / quiet');
    expect(mirrored.shown()).toEqual(['resolved Disk full']);
    expect((await tocsin.incidents.list()).items).toHaveLength(1);
  });

  test('of what was reopened here asks again', async () => {
    const { tocsin, mirrored, settle, minuteLater } = await mirroredWorld(opens);
    const id = await opened(tocsin, trigger('disk', { title: 'Disk full' }));
    await settle();
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await settle();
    await minuteLater();
    await tocsin.incidents.reopen(id, { by: 'ana' });
    await settle();
    expect(mirrored.shown().at(-1)).toBe('triggered Disk full');
    await minuteLater();
    mirrored.person('acknowledge');
    await settle();
    expect(await stands(tocsin, id)).toBe('triage / acknowledged');
    expect((await tocsin.incidents.list()).items).toHaveLength(1);
  });
});
