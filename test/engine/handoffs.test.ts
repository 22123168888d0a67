/**
 * Handoffs: told once, after the commit, by whichever process is there; and whoever comes on call is asked about what is open.
 */
import { describe, expect, test } from 'vitest';
import {
  type ConfigInput,
  memoryStorage,
  type News,
  type OnCallInput,
  type Storage,
  type Tocsin,
} from '../../src/index.ts';
import { type VirtualClock, virtualClock } from '../../src/testing/index.ts';
import { type Fault, failing, faulty, losingAnswers } from './faults.ts';
import {
  acknowledge,
  config,
  DAY,
  events,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  SECOND,
  since,
  T0,
  trigger,
  types,
  world,
} from './world.ts';

const by = 'boss';

/** ana and ben hand over to each other every hour at a quarter past. */
const hourly = (more: Partial<NonNullable<ConfigInput['schedules']>[number]> = {}) => ({
  id: 'primary',
  timeZone: 'UTC',
  layers: [
    { id: 'hours', rotation: { start: '2026-01-06T00:15:00', rrule: 'FREQ=HOURLY', participants: ['ana', 'ben'] } },
  ],
  ...more,
});
/** One step that nobody leaves for an hour, so that only a handoff pages somebody else. */
const waiting = (more: Partial<ConfigInput> = {}) =>
  config({
    schedules: [hourly()],
    escalationPolicies: [policy({ steps: [{ targets: [{ schedule: 'primary' }], escalateAfter: '4h' }] })],
    ...more,
  });
const override = (more: Partial<OnCallInput<'override'>> = {}): OnCallInput<'override'> => ({
  schedule: 'primary',
  from: T0,
  until: T0 + 5 * MINUTE,
  kind: 'replace',
  user: 'boss',
  by,
  ...more,
});

/** Everything that is told of handoffs, as `+15m ana -> ben (+ben -ana)`. */
function listening(tocsin: Tocsin): () => readonly string[] {
  const told: string[] = [];
  const names = (duties: readonly { readonly user: string }[]) =>
    duties.map(({ user }) => user).join(' & ') || 'nobody';
  tocsin.on('oncall.changed', ({ at, before, onCall, joined, left }: News['oncall.changed']) => {
    const change = [...joined.map((user) => `+${user}`), ...left.map((user) => `-${user}`)].join(' ') || 'same';
    told.push(`${since(at.getTime())} ${names(before)} -> ${names(onCall)} (${change})`);
  });
  return () => told.splice(0);
}

/** A world whose timers are armed. */
async function armed(options: Parameters<typeof world>[0] = {}) {
  const w = world({ config: waiting(), ...options });
  const told = listening(w.tocsin);
  await w.tocsin.tick();
  return { ...w, told };
}

const asked = async (tocsin: Tocsin, id: string) =>
  (await events(tocsin, id)).flatMap((event) =>
    event.type === 'page.requested' ? event.recipients.map(({ user }) => user) : [],
  );

const timersOf = async (storage: Storage, clock: VirtualClock) => {
  const { dueAt } = await storage.nextDue(['default']);
  return dueAt === undefined ? undefined : since(dueAt - clock.now() + T0);
};

describe('a handoff', () => {
  test('is told at its moment, with who was on call and who is', async () => {
    const w = await armed();
    const news: News['oncall.changed'][] = [];
    w.tocsin.on('oncall.changed', (one) => news.push(one));
    await w.pass(3 * HOUR);
    expect(w.told()).toEqual([
      '+15m ben -> ana (+ana -ben)',
      '+1h15m ana -> ben (+ben -ana)',
      '+2h15m ben -> ana (+ana -ben)',
    ]);
    expect(news[0]).toEqual({
      type: 'oncall.changed',
      tenant: 'default',
      schedule: 'primary',
      at: new Date(T0 + 15 * MINUTE),
      onCall: await w.tocsin.onCall.at('primary', T0 + 15 * MINUTE),
      before: [{ user: 'ben', source: 'rotation', id: 'hours', layer: 'hours', handoff: 9 }],
      joined: ['ana'],
      left: ['ben'],
    });
  });

  test('to oneself is told, with nobody who joined', async () => {
    const layers = [{ ...hourly().layers[0]!, rotation: { ...hourly().layers[0]!.rotation, participants: ['ana'] } }];
    const w = await armed({ config: waiting({ schedules: [hourly({ layers })] }) });
    await w.pass(HOUR);
    expect(w.told()).toEqual(['+15m ana -> ana (same)']);
  });

  test('behind another layer is seen by nobody, and told to nobody', async () => {
    const day = { start: '2026-01-06T00:00:00', rrule: 'FREQ=DAILY', participants: ['boss'] };
    const layers = [hourly().layers[0]!, { id: 'above', rotation: day }];
    const w = await armed({ config: waiting({ schedules: [hourly({ layers })] }) });
    await w.pass(6 * HOUR);
    expect(w.told()).toEqual([]);
  });

  test('of an override that begins and ends is told twice', async () => {
    const w = await armed();
    await w.tocsin.onCall.override(override({ from: T0 + 5 * MINUTE, until: T0 + 10 * MINUTE }));
    await w.pass(12 * MINUTE);
    expect(w.told()).toEqual(['+5m ben -> boss (+boss -ben)', '+10m boss -> ben (+ben -boss)']);
  });

  test('by an override or a cancellation that counts at once is told at once', async () => {
    const w = await armed();
    const { id } = await w.tocsin.onCall.override(override());
    await w.tocsin.tick();
    await w.clock.advance(MINUTE);
    await w.tocsin.onCall.cancelOverride(id, { by });
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+0 ben -> boss (+boss -ben)', '+1m boss -> ben (+ben -boss)']);
  });

  test('by an override that was made before anything was armed is told as well', async () => {
    const w = world({ config: waiting() });
    const told = listening(w.tocsin);
    await w.tocsin.onCall.override(override());
    await w.tocsin.tick();
    expect(told()).toEqual(['+0 ben -> boss (+boss -ben)']);
  });

  test('of a tenant is told to the listeners of that tenant', async () => {
    const w = await armed();
    const acme = w.tocsin.forTenant('acme', { config: waiting() });
    const told = listening(acme);
    await w.tocsin.tick();
    await acme.onCall.override(override());
    await w.tocsin.tick();
    expect([w.told(), told()]).toEqual([[], ['+0 ben -> boss (+boss -ben)']]);
  });

  test('of a running instance comes by itself, for a tenant that is added later too', async () => {
    const w = world({ config: waiting() });
    const told = listening(w.tocsin);
    await w.tocsin.start();
    await w.clock.advance(MINUTE);
    const later = listening(w.tocsin.forTenant('acme', { config: waiting() }));
    await w.clock.advance(2 * HOUR);
    expect(told()).toEqual(['+15m ben -> ana (+ana -ben)', '+1h15m ana -> ben (+ben -ana)']);
    expect(later()).toEqual(['+15m ben -> ana (+ana -ben)', '+1h15m ana -> ben (+ben -ana)']);
    await w.tocsin.stop();
  });

  test('of a schedule that has no further one is armed by nobody', async () => {
    const rotation = { start: '2026-01-06T00:15:00', rrule: 'FREQ=DAILY;COUNT=1', participants: ['ana'] };
    const w = await armed({ config: waiting({ schedules: [hourly({ layers: [{ id: 'one', rotation }] })] }) });
    expect(await timersOf(w.storage, w.clock)).toBeUndefined();
    await w.tocsin.onCall.override(override({ from: T0 + HOUR, until: T0 + 2 * HOUR }));
    expect(await timersOf(w.storage, w.clock)).toBe('+1h');
    await w.pass(3 * HOUR);
    expect(w.told()).toEqual(['+1h ana -> boss (+boss -ana)', '+2h boss -> ana (+ana -boss)']);
    expect(await timersOf(w.storage, w.clock)).toBeUndefined();
  });

  test('that is far away is no work that is late', async () => {
    const w = await armed();
    await w.clock.advance(10 * MINUTE);
    expect(await w.tocsin.health()).toMatchObject({ isHealthy: true, latenessMs: 0, due: { timers: 0 } });
  });
});

describe('a process that comes back', () => {
  test('after several handoffs tells of the present once', async () => {
    const w = await armed();
    await w.sleep(4 * HOUR + 20 * MINUTE);
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+4h20m ben -> ana (+ana -ben)']);
    await w.pass(HOUR);
    expect(w.told()).toEqual(['+5h15m ana -> ben (+ben -ana)']);
  });

  test('after two handoffs asks the same person about what came in between', async () => {
    const w = await armed();
    await w.sleep(20 * MINUTE);
    const id = await opened(w.tocsin);
    await w.sleep(HOUR);
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+1h20m ben -> ben (same)']);
    expect(await asked(w.tocsin, id)).toEqual(['ana', 'ben']);
  });

  test('goes on where the one before it stopped, and tells nothing twice', async () => {
    const w = await armed();
    await w.pass(20 * MINUTE);
    expect(w.told()).toHaveLength(1);
    const next = world({ config: waiting(), clock: w.clock, storage: w.storage });
    const told = listening(next.tocsin);
    await next.pass(HOUR);
    expect(told()).toEqual(['+1h15m ana -> ben (+ben -ana)']);
  });

  test('beside others: each handoff is told by one of them', async () => {
    const w = await armed();
    const other = world({ config: waiting(), clock: w.clock, storage: w.storage });
    const told = listening(other.tocsin);
    for (let minute = 0; minute < 180; minute++) {
      await w.clock.advance(MINUTE);
      await Promise.all([w.tocsin.tick(), other.tocsin.tick()]);
    }
    expect([...w.told(), ...told()].sort()).toEqual([
      '+15m ben -> ana (+ana -ben)',
      '+1h15m ana -> ben (+ben -ana)',
      '+2h15m ben -> ana (+ana -ben)',
    ]);
  });
});

describe('whoever comes on call', () => {
  const paged = async (more: Partial<ConfigInput> = {}) => {
    const w = await armed({ config: waiting(more) });
    const id = await opened(w.tocsin);
    await w.pass(0);
    w.news();
    return { ...w, id };
  };

  test('is asked about what stands at a step that names the schedule', async () => {
    const w = await paged();
    await w.pass(20 * MINUTE);
    expect(w.news()).toEqual(['+15m ana sms handoff', '+17m ana voice handoff']);
    expect(await types(w.tocsin, w.id)).toEqual([
      'incident.opened',
      'page.requested',
      'schedule.handedOff',
      'page.requested',
    ]);
    expect((await events(w.tocsin, w.id))[2]).toMatchObject({ schedule: 'primary', by: { kind: 'system' } });
  });

  test('is asked about what stands at a step that names it as a team’s', async () => {
    const w = await paged({
      teams: [{ id: 'shop', schedule: 'primary' }],
      escalationPolicies: [policy({ steps: [{ targets: [{ team: 'shop' }], escalateAfter: '4h' }] })],
    });
    await w.pass(15 * MINUTE);
    expect(w.news()).toEqual(['+15m ana sms handoff']);
  });

  test('is asked about what is exhausted and pages a fallback that names it', async () => {
    const w = await paged({
      escalationPolicies: [
        policy({
          steps: [{ targets: [{ user: 'boss' }], escalateAfter: '1m' }],
          fallback: [{ schedule: 'primary' }, { user: 'boss' }],
          fallbackEvery: '4h',
        }),
      ],
    });
    await w.pass(15 * MINUTE);
    expect(w.news().at(-1)).toBe('+15m ana sms handoff');
  });

  test('is asked at once when it is by an override, a swap, or by one that is taken back', async () => {
    const w = await paged();
    const { id } = await w.tocsin.onCall.override(override());
    await w.pass(MINUTE);
    expect(w.news()).toEqual(['+0 boss sms handoff']);
    await w.tocsin.onCall.swap({ schedule: 'primary', from: T0, until: T0 + 5 * MINUTE, give: 'ben', take: 'ana', by });
    await w.pass(0);
    expect(w.news()).toEqual([]);
    await w.tocsin.onCall.cancelOverride(id, { by });
    await w.pass(0);
    expect(w.news()).toEqual(['+1m ana sms handoff']);
  });

  test('and was asked there before is not asked again', async () => {
    const w = await paged();
    const { id } = await w.tocsin.onCall.override(override());
    await w.pass(MINUTE);
    w.news();
    await w.tocsin.onCall.cancelOverride(id, { by });
    await w.pass(MINUTE);
    await w.tocsin.onCall.override(override());
    await w.pass(MINUTE);
    expect(w.news()).toEqual([]);
    expect((await types(w.tocsin, w.id)).filter((type) => type === 'schedule.handedOff')).toHaveLength(1);
  });

  test.each<[string, (tocsin: Tocsin, id: string) => Promise<unknown>, Partial<ConfigInput>]>([
    ['acknowledged', (tocsin, id) => tocsin.incidents.acknowledge(id, { by }), {}],
    ['snoozed', (tocsin, id) => tocsin.incidents.snooze(id, { by, for: '4h' }), {}],
    ['resolved', (tocsin, id) => tocsin.incidents.resolve(id, { by }), {}],
    ['of low urgency', (tocsin, id) => tocsin.incidents.setSeverity(id, { by, severity: 'SEV3' }), {}],
    [
      'standing at a step that does not name the schedule',
      async () => {},
      { escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '4h' }] })] },
    ],
    ['acknowledged by its source', (tocsin) => tocsin.ingest(acknowledge()), {}],
  ])('is not asked about what is %s', async (_, act, more) => {
    const w = await paged(more);
    await act(w.tocsin, w.id);
    await w.pass(0);
    w.news();
    await w.pass(16 * MINUTE, 4 * MINUTE);
    expect(w.news().filter((line) => line.includes('handoff'))).toEqual([]);
    expect(await types(w.tocsin, w.id)).not.toContain('schedule.handedOff');
  });

  test('is asked about each of hundreds of incidents, once', async () => {
    const w = await armed();
    await w.tocsin.ingest(Array.from({ length: 250 }, (_, n) => trigger(`key ${n}`)));
    await w.tocsin.tick();
    w.news();
    await w.pass(16 * MINUTE, 15 * MINUTE);
    const asked = w.sms.sent.filter(({ message }) => message.purpose === 'handoff');
    expect(new Set(asked.map(({ message }) => message.incidentId)).size).toBe(250);
    expect(asked).toHaveLength(250);
  });

  test('is asked also about what was decided on before the handoff and stored after it', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    let hold: Promise<void> | undefined;
    const slow = faulty(storage, ['commit'], async (proceed) => {
      await hold;
      return proceed();
    });
    const w = await armed({ clock, storage });
    const late = world({ config: waiting(), clock, storage: slow });
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    await clock.advance(15 * MINUTE - 1);
    const opening = opened(late.tocsin);
    await clock.advance(1);
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+15m ben -> ana (+ana -ben)']);
    release();
    const id = await opening;
    await w.pass(MINUTE, 30 * SECOND);
    expect((await types(w.tocsin, id)).filter((type) => type === 'schedule.handedOff')).toHaveLength(1);
    expect(w.news()).toContain('+15m30s ana sms handoff');
    await w.pass(10 * MINUTE);
    expect((await types(w.tocsin, id)).filter((type) => type === 'schedule.handedOff')).toHaveLength(1);
  });
});

describe('what goes wrong in the middle of a handoff', () => {
  /** A node that works, and one whose storage has the fault, over one memory; ana comes on call at a quarter past. */
  async function sick(methods: Parameters<typeof faulty>[1], fault: Fault) {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const w = await armed({ clock, storage });
    const ids = [await opened(w.tocsin, trigger('one')), await opened(w.tocsin, trigger('two'))];
    await w.tocsin.tick();
    const broken = world({ clock, storage: faulty(storage, methods, fault), config: waiting() });
    await clock.advance(15 * MINUTE);
    const handedOff = async () =>
      Promise.all(
        ids.map(async (id) => (await types(w.tocsin, id)).filter((type) => type === 'schedule.handedOff').length),
      );
    return { w, broken, toldByBroken: listening(broken.tocsin), handedOff };
  }

  test('a process that dies between two incidents: the next one asks about the other, and tells', async () => {
    let commits = 0;
    const { w, broken, toldByBroken, handedOff } = await sick(
      ['commit', 'load', 'listIncidents'],
      async (proceed, method) => {
        if (method === 'commit' && ++commits > 1) throw new Error('killed');
        return proceed();
      },
    );
    // Only the first incident of a batch lands when each is committed alone.
    await broken.tocsin.tick();
    expect(toldByBroken()).toEqual([]);
    await w.clock.advance(15 * SECOND);
    await w.tocsin.tick();
    expect(await handedOff()).toEqual([1, 1]);
    expect(w.told()).toEqual(['+15m15s ben -> ana (+ana -ben)']);
  });

  test('a process that dies after it asked and before it remembered: nobody is asked twice, and it is told once', async () => {
    const { w, broken, toldByBroken, handedOff } = await sick(['commit'], async (proceed, _, [changes]) => {
      const isRemembering = (changes as { documents: { collection: string }[] }[]).some(({ documents }) =>
        documents.some(({ collection }) => collection === 'handoffs'),
      );
      if (isRemembering) throw new Error('killed');
      return proceed();
    });
    await broken.tocsin.tick();
    expect(await handedOff()).toEqual([1, 1]);
    expect(toldByBroken()).toEqual([]);
    await w.clock.advance(15 * SECOND);
    await w.tocsin.tick();
    expect(await handedOff()).toEqual([1, 1]);
    expect(w.told()).toEqual(['+15m15s ben -> ana (+ana -ben)']);
  });

  test('an answer that is lost: what was remembered is told, once', async () => {
    const { w, broken, toldByBroken } = await sick(['commit'], losingAnswers(3));
    await broken.tocsin.tick();
    await w.clock.advance(MINUTE);
    await w.tocsin.tick();
    expect([...toldByBroken(), ...w.told()]).toEqual(['+15m ben -> ana (+ana -ben)']);
  });

  test('an incident that cannot be decided on holds up no other, and is tried again', async () => {
    let isStubborn = true;
    let victim = '';
    const { w, broken, toldByBroken, handedOff } = await sick(
      ['commit', 'listIncidents'],
      async (proceed, method, [changes]) => {
        if (method === 'listIncidents') {
          const page = (await proceed()) as { items: { id: string }[] };
          victim ||= page.items[0]!.id;
          return page;
        }
        const ofVictim = (changes as { incidents: { id: string }[] }[]).map(({ incidents }) =>
          incidents.some(({ id }) => id === victim),
        );
        if (!isStubborn || !ofVictim.includes(true)) return proceed();
        if (ofVictim.length > 1) throw new Error('try each alone');
        return ['conflict'];
      },
    );
    const failures: string[] = [];
    broken.tocsin.on('error', ({ doing }) => failures.push(doing));
    await broken.tocsin.tick();
    expect((await handedOff()).sort()).toEqual([0, 1]);
    expect(toldByBroken()).toEqual(['+15m ben -> ana (+ana -ben)']);
    expect(failures).toEqual([`asking who has come on call for primary about incident ${victim}`]);
    isStubborn = false;
    await w.clock.advance(30 * SECOND);
    await broken.tocsin.tick();
    expect(await handedOff()).toEqual([1, 1]);
  });

  test('an incident in quarantine holds up no other', async () => {
    const { w, broken, toldByBroken, handedOff } = await sick(['listIncidents'], async (proceed) => {
      const page = (await proceed()) as { items: { snapshot: object }[] };
      const [first, ...others] = page.items;
      return { ...page, items: [{ ...first, snapshot: { ...first!.snapshot, machineVersion: 99 } }, ...others] };
    });
    await broken.tocsin.tick();
    expect((await handedOff()).sort()).toEqual([0, 1]);
    expect(toldByBroken()).toHaveLength(1);
    expect(w.log).toEqual([]);
  });

  test('a schedule that cannot be computed is told of, and tried again by its lease, not without a pause', async () => {
    // No schedule knows what comes after the year 9999.
    const clock = virtualClock({ start: Date.UTC(9999, 11, 30, 23, 50) });
    const w = await armed({ clock });
    const failures: string[] = [];
    w.tocsin.on('error', ({ doing }) => failures.push(doing));
    await w.pass(26 * MINUTE);
    failures.length = 0;
    await w.pass(MINUTE, SECOND);
    expect(new Set(failures)).toEqual(new Set(['firing timer handoff of schedule primary']));
    expect(failures).toHaveLength(4);
    // Pages go on: the step names nobody, and the next one is taken.
    expect(await types(w.tocsin, await opened(w.tocsin))).toContain('escalation.exhausted');
  });

  test('a list that cannot be read leaves the timer to its lease', async () => {
    const { w, broken, handedOff } = await sick(['listIncidents'], failing(1));
    await broken.tocsin.tick();
    expect(await handedOff()).toEqual([0, 0]);
    await w.clock.advance(15 * SECOND);
    await broken.tocsin.tick();
    expect(await handedOff()).toEqual([1, 1]);
  });

  test('an override meanwhile: what it armed is due, and nothing is told twice', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const w = await armed({ clock, storage });
    await opened(w.tocsin);
    let isFirst = true;
    const other = world({
      clock,
      config: waiting(),
      storage: faulty(storage, ['listIncidents'], async (proceed) => {
        if (isFirst) {
          isFirst = false;
          await w.tocsin.onCall.override(override({ until: T0 + HOUR }));
        }
        return proceed();
      }),
    });
    const told = listening(other.tocsin);
    await clock.advance(15 * MINUTE);
    await other.tocsin.tick();
    expect(told()).toEqual(['+15m ben -> boss (+boss -ben)']);
  });
});

describe('a timer row', () => {
  const arm = (storage: Storage, armedSeq: number, dueAt: number, ownerId = 'primary', kind = 'handoff') =>
    storage.commit([
      {
        commitId: `${armedSeq} ${dueAt} ${ownerId} ${kind}`,
        tenant: 'default',
        incidents: [],
        alerts: [],
        timers: [{ type: 'arm', ownerKind: 'schedule', ownerId, kind, armedSeq, dueAt }],
        withdrawals: [],
        deliveries: [],
        documents: [],
        slots: [],
        counters: [],
      },
    ]);

  test('that its schedule no longer knows is dropped and tells nothing', async () => {
    const w = await armed();
    await arm(w.storage, 7, T0);
    await arm(w.storage, 1, T0, 'gone');
    await w.tocsin.tick();
    expect(w.told()).toEqual([]);
    const { timers } = await w.storage.claimTimers({ tenants: ['default'], limit: 10, leaseMs: 1 });
    expect(timers).toEqual([]);
  });

  test('of a kind that only a later version knows is left to it', async () => {
    const w = await armed();
    await arm(w.storage, 1, T0, 'primary', 'digest');
    await w.tocsin.tick();
    await w.clock.advance(15 * SECOND);
    const { timers } = await w.storage.claimTimers({ tenants: ['default'], limit: 10, leaseMs: 1 });
    expect(timers.map(({ kind }) => kind)).toEqual(['digest']);
  });

  test('whose document cannot be read is made anew', async () => {
    const w = await armed();
    const [document] = (
      await w.storage.load({ tenant: 'default', documents: [{ collection: 'handoffs', id: 'primary' }] })
    ).documents;
    await w.storage.commit([
      {
        commitId: 'x',
        tenant: 'default',
        incidents: [],
        alerts: [],
        timers: [],
        withdrawals: [],
        deliveries: [],
        documents: [{ collection: 'handoffs', id: 'primary', expectedVersion: document!.version, data: 'nonsense' }],
        slots: [],
        counters: [],
      },
    ]);
    await w.pass(20 * MINUTE, 5 * MINUTE);
    w.told();
    await w.pass(HOUR);
    expect(w.told()).toEqual(['+1h15m ana -> ben (+ben -ana)']);
  });
});

describe('a configuration that changes', () => {
  const other = (participants: string[], start = '2026-01-06T00:15:00') =>
    waiting({
      schedules: [hourly({ layers: [{ id: 'hours', rotation: { start, rrule: 'FREQ=HOURLY', participants } }] })],
    });

  test('and puts others on call is a handoff, and asks them', async () => {
    const w = await armed();
    await opened(w.tocsin);
    await w.pass(0);
    w.news();
    w.tocsin.forTenant('default', { config: other(['boss']) });
    await w.pass(0);
    expect(w.told()).toEqual(['+0 ben -> boss (+boss -ben)']);
    expect(w.news()).toEqual(['+0 boss sms handoff']);
  });

  test('and brings the next handoff nearer arms it anew; one that is put off is found too early, and armed anew', async () => {
    const w = await armed();
    w.tocsin.forTenant('default', { config: other(['ben', 'ana'], '2026-01-06T00:05:00') });
    await w.pass(6 * MINUTE);
    expect(w.told().at(-1)).toMatch(/^\+5m/);
    w.tocsin.forTenant('default', { config: other(['boss', 'boss'], '2026-01-06T00:50:00') });
    await w.pass(HOUR);
    expect(w.told().at(-1)).toBe('+50m boss -> boss (same)');
  });

  test('on one node before the other: the timer is that of whoever stays within five minutes', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const old = await armed({ clock, storage });
    const next = await armed({ clock, storage, config: other(['ben', 'ana'], '2026-01-06T00:20:00') });
    expect(next.told()).toEqual(['+0 ben -> ana (+ana -ben)']);
    // The old one fires last, before it goes: it knows of no handoff before a quarter past eleven.
    await clock.advance(15 * MINUTE);
    await old.tocsin.tick();
    // After its second look at what is open.
    await clock.advance(30 * SECOND);
    await old.tocsin.tick();
    expect(await timersOf(storage, clock)).toBe('+59m30s');
    await next.pass(6 * MINUTE);
    expect(next.told().at(-1)).toBe('+20m30s ana -> ben (+ben -ana)');
    await next.pass(HOUR);
    expect(next.told()).toEqual(['+1h20m30s ben -> ana (+ana -ben)']);
  });

  test('and has the schedule no more: the timer is dropped once nobody else took it, and who was on call is remembered', async () => {
    const w = await armed();
    const steps = [{ targets: [{ user: 'ana' }] }];
    w.tocsin.forTenant('default', { config: config({ schedules: [], escalationPolicies: [policy({ steps })] }) });
    await w.pass(17 * MINUTE, 15 * SECOND);
    expect(w.told()).toEqual([]);
    expect(await timersOf(w.storage, w.clock)).toBeUndefined();
    const query = { tenant: 'default', documents: [{ collection: 'handoffs', id: 'primary' }] };
    const remembered = { onCall: [{ user: 'ben' }], dueAt: null };
    expect((await w.storage.load(query)).documents).toMatchObject([{ data: remembered }]);
  });

  test('on many nodes that do not know the schedule yet: whoever knows it asks who has come on call all the same', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const steps = [{ targets: [{ user: 'ana' }] }];
    const old = world({ clock, storage, config: config({ schedules: [], escalationPolicies: [policy({ steps })] }) });
    const next = await armed({ clock, storage });
    await clock.advance(15 * MINUTE);
    for (let look = 0; look < 6; look += 1) {
      await old.tocsin.tick();
      await clock.advance(15 * SECOND);
    }
    await clock.advance(5 * MINUTE);
    await next.tocsin.tick();
    expect(next.told()).toEqual(['+21m30s ben -> ana (+ana -ben)']);
  });

  test('on a node that does not know the schedule yet: the timer is left to the one that does', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const steps = [{ targets: [{ user: 'ana' }] }];
    const old = world({ clock, storage, config: config({ schedules: [], escalationPolicies: [policy({ steps })] }) });
    const next = await armed({ clock, storage });
    await clock.advance(15 * MINUTE);
    await old.tocsin.tick();
    await clock.advance(15 * SECOND);
    await next.tocsin.tick();
    expect(next.told()).toEqual(['+15m15s ben -> ana (+ana -ben)']);
  });
});

test('a year of handoffs is one timer each: nothing floods and nothing is lost', async () => {
  const weekly = config();
  const w = await armed({ config: weekly });
  await w.pass(364 * DAY, 7 * DAY);
  expect(w.told()).toHaveLength(52);
  expect((await incident(w.tocsin, await opened(w.tocsin))).paging).toBe('escalating');
});
