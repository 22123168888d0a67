/**
 * A year of incidents in a made-up company: each of them planned by chance, and then lived through by the real library.
 *
 * Nothing is put into the storage by hand: alerts come in, people are paged, answer, mend and forget, on a virtual clock.
 */
import { createTocsin, defineNotifier, type Tocsin } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { virtualClock } from 'tocsin/testing';
import { type Chance, chanceOf } from './chance.ts';
import { company, FAULTS, type Fault } from './company.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How likely something is to break, hour by hour: most of it in working hours, when people change things. */
const BUSY = [3, 2, 2, 2, 2, 3, 4, 6, 9, 12, 12, 11, 9, 11, 12, 11, 10, 8, 6, 5, 5, 4, 4, 3];

/** What a simulated year is told to do. */
export type YearOptions = {
  readonly from: number;
  readonly until: number;
  readonly incidents: number;
  readonly onMonth: (month: string, share: number) => void;
};

type Step = { readonly at: number; readonly run: () => Promise<unknown> };

/** Lives through it, and hands over the Tocsin that remembers all of it. */
export async function simulateYear({ from, until, incidents, onMonth }: YearOptions): Promise<Tocsin> {
  const clock = virtualClock({ start: from });
  // Who was asked last about which incident.
  const asked = new Map<string, string>();
  let ids = 0;
  const storage = memoryStorage({ clock });
  // It is never started: time is moved by hand, from one thing that is due to the next.
  const tocsin = createTocsin({
    config: company,
    clock,
    storage,
    ids: () => `inc-${++ids}`,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    notifiers: [
      defineNotifier({
        name: 'push',
        async send({ incidentId, to }) {
          if (incidentId !== undefined && to.user !== undefined) asked.set(incidentId, to.user);
        },
      }),
    ],
  });
  const chance = chanceOf(2026);
  const steps = Array.from({ length: incidents }, () => planOf(chance, { tocsin, asked, from, until })).flat();
  let month = '';
  for (const { at, run } of steps.filter((step) => step.at < until).toSorted((a, b) => a.at - b.at)) {
    const now = new Date(at).toISOString().slice(0, 7);
    if (now !== month) onMonth(now, (at - from) / (until - from));
    month = now;
    await liveUntil(at);
    await run();
  }
  await liveUntil(until);
  return tocsin;

  /** Does everything that is due until then, each at its moment. */
  async function liveUntil(at: number): Promise<void> {
    for (;;) {
      await tocsin.tick();
      const { dueAt } = await storage.nextDue(['default']);
      if (dueAt === undefined || dueAt > at) break;
      await clock.advance(Math.max(1, dueAt - clock.now()));
    }
    await clock.advance(Math.max(0, at - clock.now()));
  }
}

type World = {
  readonly tocsin: Tocsin;
  readonly asked: ReadonlyMap<string, string>;
  readonly from: number;
  readonly until: number;
};

/** What will happen in one incident, and when. */
function planOf(chance: Chance, { tocsin, asked, from, until }: World): readonly Step[] {
  const fault = faultBy(chance);
  const openedAt = momentIn(chance, from, until);
  const labels = { alertname: fault.name, service: fault.service };
  const keys = Array.from({ length: 1 + chance.below(3) }, (_, host) => `${fault.name}-${openedAt}-${host}`);
  let id: string | undefined;
  const by = () => asked.get(id ?? '') ?? 'chi';
  // Whatever has ended meanwhile, or was joined by another one, needs nobody any more.
  const tried = (act: (incident: string) => Promise<unknown>) => async () => {
    if (id !== undefined) await act(id).catch(() => undefined);
  };
  const step = (at: number, run: Step['run']): Step => ({ at, run });
  const alerts = keys.map((dedupKey, place) =>
    step(openedAt + place * MINUTE, async () => {
      const title = `${fault.name} on ${fault.service}-${place + 1}`;
      const [result] = await tocsin.ingest({ action: 'trigger', title, dedupKey, severity: fault.severity, labels });
      if (place === 0) id = result?.incidentId;
    }),
  );
  const clear = (at: number) =>
    step(at, async () => tocsin.ingest(keys.map((dedupKey) => ({ action: 'resolve' as const, dedupKey, labels }))));

  if (chance.happens(fault.passes)) {
    return [...alerts, clear(openedAt + keys.length * MINUTE + chance.around(12 * MINUTE))];
  }
  const hour = new Date(openedAt).getUTCHours();
  const isNight = hour < 6 || hour > 21;
  const answeredAt = openedAt + chance.around((isNight ? 7 : 3) * MINUTE);
  const mitigatedAt = answeredAt + chance.around(fault.minutes * 0.5 * MINUTE);
  const resolvedAt = mitigatedAt + chance.around(fault.minutes * 0.5 * MINUTE);
  const began = openedAt - chance.around(4 * MINUTE);
  const isAlarm = chance.happens(0.06);
  const isForgotten = chance.happens(openedAt > until - 6 * DAY ? 0.4 : 0.005);
  return [
    ...alerts,
    step(
      answeredAt,
      tried((incident) => tocsin.incidents.acknowledge(incident, { by: by() })),
    ),
    ...(isAlarm
      ? [
          step(
            answeredAt + 8 * MINUTE,
            tried((incident) => tocsin.incidents.dismiss(incident, { by: by(), reason: 'false alarm' })),
          ),
        ]
      : []),
    ...(chance.happens(0.35)
      ? [
          step(
            mitigatedAt - 1,
            tried((incident) =>
              tocsin.incidents.correctTimes(incident, { by: by(), times: { impactStartedAt: began } }),
            ),
          ),
        ]
      : []),
    ...(chance.happens(0.6)
      ? [
          step(
            mitigatedAt,
            tried((incident) => tocsin.incidents.mitigate(incident, { by: by() })),
          ),
        ]
      : []),
    ...(isForgotten
      ? []
      : [
          clear(resolvedAt - 1),
          step(
            resolvedAt,
            tried((incident) => tocsin.incidents.resolve(incident, { by: by() })),
          ),
        ]),
    ...(!isForgotten && chance.happens(0.05) ? reopening(resolvedAt + chance.around(5 * HOUR)) : []),
    ...(fault.severity === 'SEV3' || isAlarm ? [] : actionItem(resolvedAt + DAY)),
  ];

  function reopening(at: number): readonly Step[] {
    const again = at + chance.around(50 * MINUTE);
    return [
      step(
        at,
        tried((incident) => tocsin.incidents.reopen(incident, { by: by() })),
      ),
      step(
        at + 4 * MINUTE,
        tried((incident) => tocsin.incidents.acknowledge(incident, { by: by() })),
      ),
      step(
        again,
        tried((incident) => tocsin.incidents.resolve(incident, { by: by() })),
      ),
    ];
  }

  function actionItem(at: number): readonly Step[] {
    if (!chance.happens(0.5)) return [];
    let item: string | undefined;
    const hasOwner = chance.happens(0.9);
    const doneAt = at + chance.around(18 * DAY, 0.7);
    const add = async (incident: string) => {
      const added = await tocsin.reviews.actionItems.add(incident, {
        by: by(),
        title: `Mend what made ${fault.name} fire`,
        priority: 'high',
        ...(hasOwner ? { owner: by() } : {}),
      });
      item = added.id;
    };
    const complete = async () => item !== undefined && tocsin.reviews.actionItems.complete(item, { by: by() });
    return [step(at, tried(add)), ...(chance.happens(0.9) ? [step(doneAt, tried(complete))] : [])];
  }
}

function faultBy(chance: Chance): Fault {
  const all = FAULTS.reduce((sum, { weight }) => sum + weight, 0);
  let left = chance.next() * all;
  for (const fault of FAULTS) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  return FAULTS[0];
}

/** A moment of the window: fewer at night and on weekends. */
function momentIn(chance: Chance, from: number, until: number): number {
  for (;;) {
    const at = from + Math.floor((chance.next() * (until - from)) / MINUTE) * MINUTE;
    const moment = new Date(at);
    const isWeekend = moment.getUTCDay() % 6 === 0;
    if (chance.happens(((BUSY[moment.getUTCHours()] ?? 0) / 12) * (isWeekend ? 0.4 : 1))) return at;
  }
}
