/**
 * The configuration as it is at a decision, its schedules with the overrides and swaps that are stored by then.
 *
 * Every decision reads, in the same moment as the rest, which change of its tenant was the latest. When that is not the
 * one this process knows, everything stored about the schedules is read anew before anything is decided: so what was
 * committed anywhere counts everywhere, and no clock, poll or message has a part in it. What was read earlier is a cache
 * and never an answer. Nothing here writes.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import type { Schedule } from '../core/on-call/schedule.ts';
import type { Logger } from '../ports/clock.ts';
import type { LoadQuery, StoredDocument } from '../ports/storage.ts';
import { type Amended, amendSchedule } from './amended-schedule.ts';
import type { Bus } from './bus.ts';
import { LATEST, NO_CHANGES, type OnCallChanges, onCallKey, readChanges } from './on-call-document.ts';
import type { Reads, Ready } from './reads.ts';
import { configOf, type TenantConfig } from './tenant-config.ts';

/** A schedule with everything that is stored about it. */
export type CurrentSchedule = Amended & {
  /** The schedule of the configuration alone. */
  readonly configured: Schedule;
  /** Of its document; 0 when there is none. */
  readonly version: number;
  /** `undefined` when what is stored cannot be read here: the schedule is then what the configuration says. */
  readonly changes: OnCallChanges | undefined;
};

/** What is known of the schedules of a tenant. */
export type CurrentOnCall = {
  /** Of the document that says which change was the latest; 0 when there is none. */
  readonly latestVersion: number;
  readonly schedules: ReadonlyMap<string, CurrentSchedule>;
};

/** What a decision may look at: what was read at one moment, with schedules that are no older. */
export type Decidable = Ready & { readonly config: CompiledConfig; readonly onCall: CurrentOnCall };

/** Reads what a decision needs. */
export type CurrentConfigs = {
  load(query: LoadQuery): Promise<Decidable>;
  /** The same within a transaction of the host, which may see what others do not, and is never remembered for them. */
  within(load: Reads['load']): CurrentConfigs;
};

type World = {
  readonly tenants: Map<string, TenantConfig>;
  readonly logger: Logger;
  readonly bus: Bus;
};

/** What was composed, for which configuration and which latest change. */
type Held = Pick<Decidable, 'config' | 'onCall'> & {
  readonly of: TenantConfig;
  readonly latest: string;
  /** The text of each document, by which one that did not change is known again. */
  readonly texts: ReadonlyMap<string, string>;
};

/** Reads by `load`. */
export function createCurrentConfigs(load: Reads['load'], world: World): CurrentConfigs {
  const told = new Set<string>();
  const remembered = new Map<string, Held>();

  function reader(loadHere: Reads['load'], own: Map<string, Held>): CurrentConfigs['load'] {
    async function heldFor(tenant: string, latest: string | undefined): Promise<Held> {
      const of = configOf(world, tenant);
      const known = [own, remembered].map((from) => from.get(tenant));
      const held = known.find((one) => one?.of === of && (one.latest === latest || of.configured.size === 0));
      if (held !== undefined) return held;
      const documents = of.configured.size === 0 ? [] : await readAll(tenant, of);
      // Of many decisions that found the same change, the first to have read it has composed it for all.
      const meanwhile = own.get(tenant);
      if (meanwhile?.of === of && meanwhile.latest === latestOf(documents)) return meanwhile;
      const fresh = compose(
        of,
        documents,
        known.find((one) => one?.of === of),
      );
      own.set(tenant, fresh);
      tell(tenant, fresh.onCall);
      return fresh;
    }

    async function readAll(tenant: string, { configured }: TenantConfig): Promise<readonly StoredDocument[]> {
      const keys = [...configured.keys()].map(onCallKey);
      return (await loadHere({ tenant, documents: [LATEST, ...keys] })).documents;
    }

    return async (query) => {
      const { tenant, documents = [] } = query;
      const isAsked = configOf(world, tenant).configured.size > 0;
      const loaded = await loadHere(isAsked ? { ...query, documents: [...documents, LATEST] } : query);
      const latest = isAsked ? latestOf(loaded.documents) : undefined;
      const { config, onCall } = await heldFor(tenant, latest);
      return { ...loaded, documents: loaded.documents.filter((document) => !isLatest(document)), config, onCall };
    };
  }

  /** What does not count is said once, by this process. */
  function tell(tenant: string, { schedules }: CurrentOnCall): void {
    const say = (key: readonly unknown[], facts: Record<string, unknown>, message: string) => {
      const name = JSON.stringify([tenant, ...key]);
      if (told.has(name)) return;
      told.add(name);
      world.logger.error({ tenant, ...facts }, message);
      world.bus.tell('error', {
        type: 'error',
        error: new Error(message),
        doing: `reading schedule ${facts.schedule}`,
      });
    };
    for (const [schedule, { changes, version, unfit }] of schedules) {
      if (changes === undefined)
        say(
          [schedule, version],
          { schedule },
          `The overrides and swaps of schedule ${schedule} cannot be read; what the configuration says counts.`,
        );
      for (const [{ id }, why] of unfit)
        say(
          [schedule, id, why],
          { schedule, id, why },
          `An override or a swap of schedule ${schedule} does not fit the configuration and does not count: ${id}: ${why}.`,
        );
    }
  }

  return {
    load: reader(load, remembered),
    within: (loadHere) => {
      const within: CurrentConfigs = { load: reader(loadHere, new Map()), within: () => within };
      return within;
    },
  };
}

function compose(of: TenantConfig, documents: readonly StoredDocument[], before: Held | undefined): Held {
  const stored = new Map(
    documents.filter((document) => !isLatest(document)).map((document) => [document.id, document]),
  );
  const texts = new Map([...stored].map(([id, { data }]) => [id, JSON.stringify(data) ?? '']));
  const schedules = new Map(
    [...of.configured].map(([id, configured]): [string, CurrentSchedule] => {
      const document = stored.get(id);
      const version = document?.version ?? 0;
      const known = before?.onCall.schedules.get(id);
      if (known !== undefined && before?.texts.get(id) === texts.get(id)) return [id, { ...known, version }];
      const changes = document === undefined ? NO_CHANGES : readChanges(document.data);
      return [id, { ...amendSchedule(configured, changes ?? NO_CHANGES, of.users), configured, version, changes }];
    }),
  );
  const { configured: _, ...rules } = of;
  return {
    of,
    latest: latestOf(documents),
    texts,
    onCall: { latestVersion: documents.find(isLatest)?.version ?? 0, schedules },
    config: { ...rules, schedules: new Map([...schedules].map(([id, { schedule }]) => [id, schedule])) },
  };
}

/** Names the latest change: its version alone would come again after a restored backup. */
function latestOf(documents: readonly StoredDocument[]): string {
  const document = documents.find(isLatest);
  return document === undefined ? '' : JSON.stringify([document.version, document.data]);
}

function isLatest({ collection, id }: StoredDocument): boolean {
  return collection === LATEST.collection && id === LATEST.id;
}
