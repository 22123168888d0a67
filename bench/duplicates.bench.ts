/**
 * Duplicates: an alert that is open already and fires again and again, as in every storm of alerts.
 *
 * In batches as sources send them, beside the same events one by one. Each repeat is counted, which is checked.
 */
import { createTocsin } from '../src/index.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { atLeast, type Figure, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { alertOf, CONFIG, QUIET, SILENT } from './incidents.ts';
import { type Side, sideBySide, timed } from './side-by-side.ts';

const BATCH = 100;
const WHAT = `duplicates of an open alert, Postgres, batches of ${BATCH}`;

/** Repeats of one open alert, and of a hundred. */
export async function duplicates(ground: Ground): Promise<readonly Figure[]> {
  const storage = postgresStorage({ pool: (await ground.database()).pool(10) });
  const tocsin = createTocsin({ config: CONFIG, storage, notifiers: QUIET, logger: SILENT });
  const event = alertOf('the same');
  const many = Array.from({ length: BATCH }, (_, index) => alertOf(`one of many ${index}`));
  await tocsin.ingest([event, ...many]);
  let sent = 1;

  const single: Side = (count) => {
    sent += count;
    return timed(async () => {
      for (let index = 0; index < count; index++) await tocsin.ingest(event);
    });
  };
  const inBatches =
    (batch: readonly (typeof event)[]): Side =>
    (count) =>
      timed(async () => {
        for (let done = 0; done < count; done += BATCH) await tocsin.ingest(batch);
      });
  const repeated = inBatches(Array.from({ length: BATCH }, () => event));
  const ofOne: Side = (count) => {
    sent += count;
    return repeated(count);
  };

  ground.say('repeats of one open alert');
  const one = await sideBySide(ofOne, single, { rounds: 9, countA: 60 * BATCH, countB: 150 });
  const counted = (await tocsin.alerts.list({ limit: 1_000 })).find(({ dedupKey }) => dedupKey === 'the same')?.count;
  if (counted !== sent) throw new Error(`${sent} events were sent and ${counted} were counted.`);

  ground.say(`repeats of ${BATCH} open alerts`);
  const hundred = await sideBySide(inBatches(many), single, { rounds: 5, countA: 10 * BATCH, countB: 100 });
  await tocsin.stop();
  return [
    atLeast(WHAT, one.a, { least: 20_000, unit: '/s', beside: `one alert` }),
    atLeast(`${WHAT}, vs one by one`, one.ratio, {
      least: 5,
      unit: 'x',
      beside: `${whole(one.a)}/s vs ${whole(one.b)}/s`,
    }),
    { name: `duplicates of ${BATCH} open alerts, Postgres, one of each in a batch`, measured: `${whole(hundred.a)}/s` },
  ];
}
