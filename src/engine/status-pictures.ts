/**
 * Pictures of status pages: what a page shows now, or what it showed last when the storage cannot be reached.
 *
 * While something is broken everybody looks at the page: one picture serves all who ask within two seconds, unless
 * something that it shows changed here. Who may see it is not decided here.
 */
import { statusPicture } from '../core/status/picture.ts';
import { TocsinError } from '../errors.ts';
import type { StatusPicture } from '../model/status.ts';
import type { DocumentChange } from '../ports/storage.ts';
import { announcedMaintenance } from './announced-maintenance.ts';
import type { Engine } from './engine.ts';
import type { StatusPictures } from './pictures.ts';
import { NO_QUIET, QUIET } from './quiet-document.ts';
import { OVERRIDES, readOverrides } from './status-overrides.ts';
import { createStatusRecords } from './status-records.ts';
import { STATUS } from './status-rows.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** Names a page of a tenant. */
type Whose = { readonly tenant: string; readonly page: string };

/** So long one picture serves all who ask. */
const FRESH_MS = 2_000;
/** So long a storage that does not answer is waited for. */
const WAIT_MS = 5_000;
const SHOWN: readonly string[] = [STATUS, OVERRIDES.collection, QUIET.collection];

type Held = { readonly picture: StatusPicture; readonly madeAt: number; readonly configVersion: string };
type Pictures = Pick<Engine, 'storage' | 'current' | 'clock' | 'logger' | 'bus' | 'tenants' | 'ready'>;

/** Nothing was shown yet. */
export function createStatusPictures(engine: Pictures): StatusPictures {
  const records = createStatusRecords(engine.storage);
  const shown = new Map<string, Held>();
  const making = new Map<string, Promise<Held>>();
  const changes = new Map<string, number>();

  const isFresh = ({ madeAt, configVersion }: Held, tenant: string) =>
    Math.abs(engine.clock.now() - madeAt) < FRESH_MS && configVersion === configOf(engine, tenant).version;

  /** What was made for people of the host is not shown on a page that has become open since. */
  const isForTheSame = ({ picture }: Held, { tenant, page: id }: Whose) => {
    const page = configOf(engine, tenant).config.status.pages.find((one) => one.id === id);
    return page?.audience === picture.page.audience;
  };

  async function make({ tenant, page: id }: Whose): Promise<Held> {
    const madeAt = engine.clock.now();
    await engine.ready();
    const [loaded, all] = await Promise.all([
      reaching(() => engine.current.load({ tenant, documents: [OVERRIDES] })),
      records.read(tenant),
    ]);
    const { config, quiet, now, documents } = loaded;
    const page = config.status.pages.get(id);
    if (page === undefined)
      throw new TocsinError('STATUS_PAGE_NOT_FOUND', `Cannot show status page ${id}: it was taken away meanwhile.`);
    const overrides = readOverrides(documents.find(({ collection }) => collection === OVERRIDES.collection)?.data);
    const announced = announcedMaintenance(quiet.rows ?? NO_QUIET, now);
    const picture = statusPicture({
      page,
      status: config.status,
      records: all,
      overrides,
      maintenance: announced.filter(({ audience }) => audience === 'public' || page.page.audience === 'internal'),
      at: now,
    });
    return { picture, madeAt, configVersion: config.version };
  }

  /** All who ask at the same time wait for the same picture; who asks after a change waits for one that knows of it. */
  function made(whose: Whose, key: string): Promise<Held> {
    const attempt = JSON.stringify([key, changes.get(whose.tenant) ?? 0, configOf(engine, whose.tenant).version]);
    const under = making.get(attempt);
    if (under !== undefined) return under;
    const work = make(whose).finally(() => making.delete(attempt));
    making.set(attempt, work);
    return work;
  }

  return {
    async show(whose) {
      const { tenant } = whose;
      const key = JSON.stringify([tenant, whose.page]);
      const before = shown.get(key);
      if (before !== undefined && isFresh(before, tenant)) return before.picture;
      const changed = changes.get(tenant);
      try {
        const held = await within(engine, made(whose, key));
        // What was read before a change that was made here is shown once, and not kept.
        if (changes.get(tenant) === changed) shown.set(key, held);
        return held.picture;
      } catch (error) {
        const last = shown.get(key) ?? before;
        if (last === undefined || !isForTheSame(last, whose)) throw error;
        const doing = `making the picture of status page ${whose.page}`;
        engine.logger.error({ error, doing }, 'The last picture of a status page is shown, with its age.');
        engine.bus.tell('error', { type: 'error', error, doing });
        return { ...last.picture, stale: { askedAt: engine.clock.now() } };
      }
    },
    stored(tenant, documents) {
      if (!documents.some(({ collection }) => SHOWN.includes(collection))) return;
      changes.set(tenant, (changes.get(tenant) ?? 0) + 1);
      const taken = new Set(documents.flatMap(takenBack));
      for (const [key, held] of shown)
        if (key.startsWith(`${JSON.stringify([tenant]).slice(0, -1)},`))
          shown.set(key, { ...held, picture: without(held.picture, taken), madeAt: Number.NEGATIVE_INFINITY });
    },
  };
}

/** The incident of a record that is private from now on: not even the last picture shows it, should nothing be read any more. */
function takenBack({ collection, id, data }: DocumentChange): readonly string[] {
  return collection === STATUS && Object(data).visibility === 'private' ? [id] : [];
}

function without(picture: StatusPicture, taken: ReadonlySet<string>): StatusPicture {
  if (taken.size === 0) return picture;
  const isKept = ({ id }: { readonly id: string }) => !taken.has(id);
  return { ...picture, incidents: picture.incidents.filter(isKept), past: picture.past.filter(isKept) };
}

/** A storage that hangs is one that is down. */
function within<T>({ clock }: Pick<Engine, 'clock'>, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.wait(
      WAIT_MS,
      () => reject(new TocsinError('STORAGE_UNAVAILABLE', `The storage did not answer within ${WAIT_MS / 1_000} s.`)),
      { keepAlive: false },
    );
    work.then(resolve, reject).finally(cancel);
  });
}
