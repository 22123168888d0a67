/**
 * Status pages: how long it takes to make the picture of a large one, in milliseconds of a processor.
 *
 * Fifty components, the uptime of ninety days, two thousand incidents; it never measures a storage or an output.
 */
import { compileStatus } from '../src/core/status/compile.ts';
import { statusPicture } from '../src/core/status/picture.ts';
import { type StatusRecord, statusRecordSchema } from '../src/core/status/stored-record.ts';
import { severityConfigSchema } from '../src/model/severity.ts';
import { statusSchema } from '../src/model/status.ts';
import { type Figure, fine, median } from './figure.ts';
import type { Ground } from './ground.ts';

const COMPONENTS = 50;
const DAYS = 90;
const RECORDS = 2_000;
const ROUNDS = 101;
/** Before that it is still being compiled. */
const WARM_ROUNDS = 20;
const TARGET_MS = 15;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const AT = Date.UTC(2026, 10, 29, 12);

/** The picture of a page on which several hundred incidents are told of. */
export async function statusPictures(ground: Ground): Promise<readonly Figure[]> {
  const status = compileStatus({
    status: statusSchema.parse({
      components: Array.from({ length: COMPONENTS }, (_, n) => ({
        id: `c${n}`,
        name: `Component ${n}`,
        services: [`s${n}`],
      })),
      pages: [{ id: 'main', name: 'Acme', timeZone: 'Europe/Berlin', uptime: { days: DAYS } }],
    }),
    severity: severityConfigSchema.parse({}),
  });
  const page = status.pages.get('main');
  if (page === undefined) throw new Error('There is no page to draw.');
  const records = Array.from({ length: RECORDS }, (_, n) => record(n));
  const overrides = [
    { id: 'o', component: 'c1', impact: 'partial_outage', from: AT - DAY, by: { kind: 'system' } },
  ] as const;
  const maintenance = Array.from({ length: 20 }, (_, n) => ({
    ...{ id: `m${n}`, title: 'Upgrade', components: [`c${n}`, `c${n + 1}`], createdAt: 0, updates: [] },
    ...{ from: AT - n * DAY, until: AT - n * DAY + 60 * MINUTE },
  }));
  const draw = () => statusPicture({ page, status, records, overrides, maintenance, at: AT });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = process.cpuUsage();
    draw();
    const { user, system } = process.cpuUsage(begun);
    times.push((user + system) / 1_000);
  }
  const ms = median(times.slice(WARM_ROUNDS));
  ground.say(`${fine(ms)} ms, the first ${fine(times[0] ?? 0)} ms`);
  return [
    {
      name: `the picture of a status page: ${COMPONENTS} components, ${DAYS} days, ${RECORDS} incidents`,
      measured: `${fine(ms)} ms`,
      target: `<= ${TARGET_MS} ms`,
      isMet: ms <= TARGET_MS,
    },
  ];
}

function record(n: number): StatusRecord {
  const openedAt = AT - ((n * 7_919) % (100 * 1_440)) * MINUTE;
  const endedAt = openedAt + (5 + ((n * 31) % 180)) * MINUTE;
  const isTold = n % 4 === 0;
  return statusRecordSchema.parse({
    ...{
      incidentId: `i${n}`,
      seq: 9,
      kind: 'real',
      visibility: 'public',
      service: `s${n % COMPONENTS}`,
      severity: 'SEV1',
    },
    ...{ openedAt, title: `Incident ${n}`, outcome: 'resolved', endedAt, byHand: {} },
    phases: [
      { at: openedAt, status: 'investigating' },
      { at: openedAt + MINUTE, status: 'identified' },
      { at: endedAt, status: 'resolved' },
    ],
    spans: [
      { at: openedAt, impacts: { [`c${n % COMPONENTS}`]: 'major_outage' } },
      {
        at: openedAt + 3 * MINUTE,
        impacts: { [`c${n % COMPONENTS}`]: 'partial_outage', [`c${(n + 1) % COMPONENTS}`]: 'degraded_performance' },
      },
      { at: endedAt, impacts: {} },
    ],
    updates: isTold
      ? [1, 2, 3].map((seq) => ({
          ...{ id: `i${n}:${seq}`, seq, at: openedAt + seq * MINUTE, status: 'identified', isStatusSaid: true },
          ...{ text: 'We are looking into it.', audience: 'public', title: `Trouble ${n}` },
        }))
      : [],
    ...(isTold && { firstPublicAt: openedAt + MINUTE, publicTitle: `Trouble ${n}` }),
  });
}
