/**
 * What is kept: no alert is lost and unlisted, and nobody sleeps through what fires when a suppression has ended.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Alert, type AlertEvent, type ConfigInput, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { anyConfig, anyEvent, anyPause, LONG } from './intake-worlds.ts';
import { HOUR, MINUTE, T0, type World, world } from './world.ts';

type Deed =
  | { readonly kind: 'event'; readonly event: AlertEvent }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'resolve' | 'acknowledge' | 'merge' | 'silence' | 'end'; readonly which: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: anyEvent.map(({ occurredAt: _, ...event }): Deed => ({ kind: 'event', event })),
  },
  { weight: 3, arbitrary: anyPause.map((ms): Deed => ({ kind: 'pause', ms })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('resolve', 'acknowledge', 'merge', 'silence', 'end'), fc.nat({ max: 5 }))
      .map(([kind, which]): Deed => ({ kind, which }) as Deed),
  },
);

/** Quiet sources resolve by themselves where a route says so; here only their own word counts. */
const withoutQuiet = ({ routes = [], ...config }: ConfigInput): ConfigInput => ({
  ...config,
  routes: routes.map(({ autoResolveAfter: _, ...route }) => route),
});

const keyOf = ({ routeKey, dedupKey }: Alert) => `${routeKey} ${dedupKey}`;

/** Lives through `deeds`; answers the keys of which the last word is that they fire, unless a person ended their incident. */
async function live(w: World, deeds: readonly Deed[]): Promise<ReadonlySet<string>> {
  const firing = new Set<string>();
  for (const each of deeds) {
    if (each.kind === 'pause') await w.pass(each.ms, Math.max(MINUTE, each.ms / 5));
    else if (each.kind === 'event') await take(w, each.event, firing);
    else await act(w, each, firing);
  }
  return firing;
}

async function take({ tocsin }: World, event: AlertEvent, firing: Set<string>): Promise<void> {
  const [result] = await tocsin.ingest(event);
  const alert = result?.alertId === undefined ? undefined : await tocsin.alerts.get(result.alertId);
  if (alert === undefined) return;
  if (event.action === 'trigger') firing.add(keyOf(alert));
  if (result?.outcome === 'resolved') firing.delete(keyOf(alert));
}

async function act(
  { tocsin }: World,
  { kind, which }: Extract<Deed, { which: number }>,
  firing: Set<string>,
): Promise<void> {
  const by = 'ana';
  if (kind === 'silence') {
    await tocsin.silences.set({ by, when: which % 2 ? 'env="prod"' : 'check="Down"', for: '40m', comment: 'c' });
    return;
  }
  if (kind === 'end') {
    const stored = (await tocsin.silences.list()).filter(
      ({ origin, state }) => origin === 'stored' && state === 'active',
    );
    const silence = stored[which % Math.max(1, stored.length)];
    if (silence !== undefined) await tocsin.silences.end(silence.id, { by });
    return;
  }
  const { items } = await tocsin.incidents.list();
  const open = items.filter(({ phase }) => !['resolved', 'closed', 'merged', 'dismissed'].includes(phase));
  const [one, other] = [open[which % Math.max(1, open.length)], open[(which + 1) % Math.max(1, open.length)]];
  if (one === undefined) return;
  if (kind === 'acknowledge') {
    if ((await tocsin.incidents.allowed(one.id)).includes('acknowledge'))
      await tocsin.incidents.acknowledge(one.id, { by });
    return;
  }
  if (kind === 'merge') {
    if (other !== undefined && other.id !== one.id) await tocsin.incidents.merge(one.id, { by, into: other.id });
    return;
  }
  const alerts = await tocsin.alerts.list({ incidentId: one.id, limit: 1_000 });
  await tocsin.incidents.resolve(one.id, { by });
  for (const alert of alerts) if (alert.status !== 'cleared') firing.delete(keyOf(alert));
}

/** What stands of the keys that fire, as far as something is wrong with it. */
async function wrongs({ tocsin, storage, clock }: World, firing: ReadonlySet<string>): Promise<readonly string[]> {
  const open = (await tocsin.alerts.list({ limit: 1_000 })).filter(({ status }) => status !== 'cleared');
  const notes = await storage.listDocuments('default', { collection: 'alert-notes', limit: 1_000 });
  const wrong: string[] = [];
  for (const key of firing) {
    const alerts = open.filter((alert) => keyOf(alert) === key);
    const [alert] = alerts;
    if (alert === undefined || alerts.length > 1) wrong.push(`${key} has ${alerts.length} open alerts`);
    else if (alert.status === 'suppressed') {
      const note = notes.find(({ id }) => id === JSON.stringify([alert.routeKey, alert.dedupKey]))?.data;
      const { lookAt, suppressed } = note as { lookAt?: number; suppressed?: { atEnd: string } };
      const isLookedAt = lookAt !== undefined && lookAt <= clock.now() + 5 * MINUTE;
      if (suppressed === undefined || (suppressed.atEnd === 'reroute' && !isLookedAt))
        wrong.push(`${key} is kept quiet by nothing`);
    } else {
      const incident = await tocsin.incidents.get(alert.incidentId ?? '');
      if (incident?.alerts[alert.id] === undefined) wrong.push(`${key} is in no incident that knows it`);
    }
  }
  for (const alert of open) if (!firing.has(keyOf(alert))) wrong.push(`${keyOf(alert)} is open without cause`);
  return wrong;
}

function worldOf(config: ConfigInput): World {
  const clock = virtualClock({ start: T0 });
  return world({ clock, storage: memoryStorage({ clock }), config });
}

test('every key that fires has one open alert, in an incident or kept quiet by something that is looked at again', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      anyConfig.map(withoutQuiet),
      fc.array(deed, { minLength: 1, maxLength: 14 }),
      async (config, deeds) => {
        const w = worldOf(config);
        const firing = await live(w, deeds);
        expect(await wrongs(w, firing)).toEqual([]);
        await w.pass(20 * MINUTE);
        expect(await wrongs(w, firing)).toEqual([]);
      },
    ),
    { numRuns: 120 },
  );
});

/** What keeps quiet here ends, and what fires then is decided anew. */
const ending = ({ suppression, grouping = [], ...config }: ConfigInput): ConfigInput => ({
  ...config,
  grouping: grouping.map(({ threshold: _, ...rest }) => rest),
  suppression: {
    silences: (suppression?.silences ?? []).map((silence) => ({ ...silence, atEnd: 'reroute' as const })),
    maintenance: (suppression?.maintenance ?? [])
      .filter(({ recurring }) => recurring === undefined)
      .map((window) => ({ ...window, atEnd: 'reroute' as const })),
    inhibition: [],
    rateLimits: suppression?.rateLimits ?? [],
  },
});

test('when everything that kept quiet has ended, somebody was asked about all that still fires and cannot wait', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      anyConfig.map(withoutQuiet).map(ending),
      fc.array(deed, { minLength: 1, maxLength: 14 }),
      async (config, deeds) => {
        const w = worldOf(config);
        const firing = await live(w, deeds);
        await w.pass(LONG, 5 * MINUTE);
        expect(await w.tocsin.alerts.list({ status: 'suppressed' })).toEqual([]);
        expect(await wrongs(w, firing)).toEqual([]);
        for (const alert of await w.tocsin.alerts.list({ limit: 1_000 })) {
          if (!firing.has(keyOf(alert)) || alert.status === 'cleared') continue;
          const incident = await w.tocsin.incidents.get(alert.incidentId ?? '');
          const isAsked = incident?.times.firstPagedAt !== undefined || incident?.times.acknowledgedAt !== undefined;
          expect([alert.dedupKey, incident?.phase, isAsked]).toEqual([alert.dedupKey, incident?.phase, true]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a critical alert in a window of an hour is asked about within five minutes of its end, held for as long as its route says', async () => {
  const w = worldOf({
    ...worldConfig(),
    routes: [{ service: 'checkout', holdFor: '2m' }],
  });
  await w.tocsin.ingest({ action: 'trigger', dedupKey: 'k', title: 'Down', severity: 'critical' });
  await w.pass(HOUR + MINUTE);
  expect(w.news()).toEqual([]);
  await w.pass(MINUTE);
  expect(w.news()).toEqual(['+1h2m ana sms step']);
});

function worldConfig(): ConfigInput {
  const [first] = fc.sample(anyConfig, 1);
  if (first === undefined) throw new Error('a configuration');
  const window = {
    id: 'w',
    services: ['checkout'],
    from: new Date(T0).toISOString(),
    until: new Date(T0 + HOUR).toISOString(),
  };
  return { ...first, grouping: [], enrichment: [], severity: {}, suppression: { maintenance: [window] } };
}
