/**
 * The configuration as it is at a decision, its schedules with the overrides and swaps that are stored by then.
 *
 * Every decision reads, in the same moment as the rest, which change of its tenant was the latest. When that is not the
 * one this process knows, everything stored about the schedules is read anew before anything is decided: so what was
 * committed anywhere counts everywhere, and no clock, poll or message has a part in it. What was read earlier is a cache
 * and never an answer. Nothing here writes.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { quietOf } from '../core/intake/compile.ts';
import type { Schedule } from '../core/on-call/schedule.ts';
import type { Logger } from '../ports/clock.ts';
import type { LoadQuery, StoredDocument } from '../ports/storage.ts';
import { type Amended, amendSchedule } from './amended-schedule.ts';
import type { Bus } from './bus.ts';
import { CONTACTS, type ContactRow, readContacts, verifiedByUser, withContacts } from './contacts-document.ts';
import type { People } from './known-people.ts';
import { LATEST, NO_CHANGES, ON_CALL, type OnCallChanges, onCallKey, readChanges } from './on-call-document.ts';
import { closedLookup, type Lookup, openLookup, peopleMap } from './people-map.ts';
import { NO_QUIET, obeyed, QUIET, type QuietRows, readQuiet } from './quiet-document.ts';
import type { Reads, Ready } from './reads.ts';
import { createRoundRobin, type RoundRobin } from './round-robin.ts';
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

/** What people have silenced. */
export type CurrentQuiet = {
  /** Of its document; 0 when there is none. */
  readonly version: number;
  /** By which one that did not change is known again. */
  readonly text: string;
  /** `undefined` when what is stored cannot be read here: it then silences nothing. */
  readonly rows: QuietRows | undefined;
  /** What cannot be obeyed, and why. */
  readonly unfit: readonly { readonly id: string; readonly why: string }[];
};

/** The contacts that people have added, verified or not. */
export type CurrentContacts = {
  /** Of their document; 0 when there is none. */
  readonly version: number;
  /** `undefined` when what is stored cannot be read here: nobody is paged by any of it. */
  readonly rows: readonly ContactRow[] | undefined;
};

/** What a decision may look at: what was read at one moment, with schedules, silences and contacts that are no older. */
export type Decidable = Ready & {
  readonly config: CompiledConfig;
  readonly onCall: CurrentOnCall;
  readonly quiet: CurrentQuiet;
  readonly contacts: CurrentContacts;
  readonly roundRobin: RoundRobin;
  /** Of whom the directory has to be asked before anything that was decided counts. */
  readonly missingPeople: Lookup['missing'];
  /** The people as they are known, for what never waits for the directory. */
  readonly knownPeople: Lookup['known'];
};

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
  /** Where people come from whom the configuration does not have. */
  people(): People | undefined;
};

/** What was composed, for which configuration and which latest change. */
type Held = Pick<Decidable, 'config' | 'onCall' | 'quiet' | 'contacts'> & {
  readonly of: TenantConfig;
  /** The verified contacts that people have added. */
  readonly added: ReturnType<typeof verifiedByUser>;
  readonly latest: string;
  /** The text of each document, by which one that did not change is known again. */
  readonly texts: ReadonlyMap<string, string>;
};

/** Reads by `load`. */
export function createCurrentConfigs(load: Reads['load'], world: World): CurrentConfigs {
  const told = new Set<string>();
  const remembered = new Map<string, Held>();

  function reader(loadHere: Reads['load'], own: Map<string, Held>): CurrentConfigs['load'] {
    async function heldFor(tenant: string, latest: string): Promise<Held> {
      const of = configOf(world, tenant);
      const known = [own, remembered].map((from) => from.get(tenant));
      const held = known.find((one) => one?.of === of && one.latest === latest);
      if (held !== undefined) return held;
      const documents = await readAll(tenant, of);
      // Of many decisions that found the same change, the first to have read it has composed it for all.
      const meanwhile = own.get(tenant);
      if (meanwhile?.of === of && meanwhile.latest === latestOf(documents)) return meanwhile;
      const fresh = compose(of, documents, {
        before: known.find((one) => one?.of === of),
        hasDirectory: world.people() !== undefined,
      });
      own.set(tenant, fresh);
      tell(tenant, fresh);
      return fresh;
    }

    async function readAll(tenant: string, { configured }: TenantConfig): Promise<readonly StoredDocument[]> {
      const keys = [...configured.keys()].map(onCallKey);
      return (await loadHere({ tenant, documents: [LATEST, QUIET, CONTACTS, ...keys] })).documents;
    }

    return async (query) => {
      const { tenant, documents = [] } = query;
      configOf(world, tenant);
      const loaded = await loadHere({ ...query, documents: [...documents, LATEST] });
      const { config, onCall, quiet, contacts, added } = await heldFor(tenant, latestOf(loaded.documents));
      const asked = loaded.documents.filter((document) => !isLatest(document));
      const roundRobin = createRoundRobin(loaded.slots, query.slots);
      const { users, missing, known } = lookup(tenant, config.users, added);
      return {
        ...loaded,
        documents: asked,
        config: users === config.users ? config : { ...config, users },
        onCall,
        quiet,
        contacts,
        roundRobin,
        missingPeople: missing,
        knownPeople: known,
      };
    };
  }

  function lookup(tenant: string, users: CompiledConfig['users'], added: Held['added']): Lookup {
    const people = world.people();
    if (people === undefined) return closedLookup(users);
    return openLookup(users, {
      isUnknown: (id) => people.isUnknown(tenant, id),
      known: (id) => {
        const user = people.known(tenant, id);
        return user && withContacts(user, added.get(id));
      },
    });
  }

  /** What does not count is said once, by this process. */
  function tell(tenant: string, { onCall, quiet, contacts }: Held): void {
    const say = (key: readonly unknown[], facts: Record<string, unknown>, message: string) => {
      const name = JSON.stringify([tenant, ...key]);
      if (told.has(name)) return;
      told.add(name);
      world.logger.error({ tenant, ...facts }, message);
      const what = facts.what ?? (facts.schedule === undefined ? 'what is silenced' : `schedule ${facts.schedule}`);
      world.bus.tell('error', { type: 'error', error: new Error(message), doing: `reading ${what}` });
    };
    if (quiet.rows === undefined)
      say(
        ['quiet', quiet.version],
        {},
        'What people have silenced cannot be read; only what the configuration says counts.',
      );
    if (contacts.rows === undefined)
      say(
        ['contacts', contacts.version],
        { what: 'contacts' },
        'The contacts that people have added cannot be read; only those of the configuration count.',
      );
    for (const { id, why } of quiet.unfit)
      say(
        ['quiet', id, why],
        { id, why },
        `A silence or a maintenance window cannot be obeyed and keeps nothing quiet: ${id}: ${why}`,
      );
    const { schedules } = onCall;
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

/** Whom the configuration does not have may be in the directory. */
const ANYBODY = { has: () => true };

function compose(
  of: TenantConfig,
  documents: readonly StoredDocument[],
  { before, hasDirectory }: { readonly before: Held | undefined; readonly hasDirectory: boolean },
): Held {
  const stored = new Map(
    documents.filter(({ collection }) => collection === ON_CALL).map((document) => [document.id, document]),
  );
  const texts = new Map([...stored].map(([id, { data }]) => [id, JSON.stringify(data) ?? '']));
  const schedules = new Map(
    [...of.configured].map(([id, configured]): [string, CurrentSchedule] => {
      const document = stored.get(id);
      const version = document?.version ?? 0;
      const known = before?.onCall.schedules.get(id);
      if (known !== undefined && before?.texts.get(id) === texts.get(id)) return [id, { ...known, version }];
      const changes = document === undefined ? NO_CHANGES : readChanges(document.data);
      return [
        id,
        {
          ...amendSchedule(configured, changes ?? NO_CHANGES, hasDirectory ? ANYBODY : of.users),
          configured,
          version,
          changes,
        },
      ];
    }),
  );
  const { configured: _, ...rules } = of;
  const contacts = contactsIn(documents.find(isContacts));
  const added = verifiedByUser(contacts.rows ?? []);
  const { quiet, intake } = composeQuiet(of, documents.find(isQuiet), before);
  return {
    of,
    quiet,
    contacts,
    added,
    latest: latestOf(documents),
    texts,
    onCall: { latestVersion: documents.find(isLatest)?.version ?? 0, schedules },
    config: {
      ...rules,
      users: peopleMap(rules.users, added),
      intake,
      schedules: new Map([...schedules].map(([id, { schedule }]) => [id, schedule])),
    },
  };
}

/** What is silenced is compiled anew only when it has changed: every override would be paid for with it. */
function composeQuiet(
  of: TenantConfig,
  document: StoredDocument | undefined,
  before: Held | undefined,
): Pick<Held, 'quiet'> & Pick<CompiledConfig, 'intake'> {
  const version = document?.version ?? 0;
  const text = JSON.stringify(document?.data) ?? '';
  if (before?.of === of && before.quiet.text === text)
    return { quiet: { ...before.quiet, version }, intake: before.config.intake };
  const rows = document === undefined ? NO_QUIET : readQuiet(document.data);
  const { unfit, ...stored } = obeyed(rows ?? NO_QUIET);
  return { quiet: { version, text, rows, unfit }, intake: { ...of.intake, quiet: quietOf(of.config, stored) } };
}

function contactsIn(document: StoredDocument | undefined): CurrentContacts {
  return { version: document?.version ?? 0, rows: document === undefined ? [] : readContacts(document.data) };
}

function isContacts({ collection, id }: StoredDocument): boolean {
  return collection === CONTACTS.collection && id === CONTACTS.id;
}

function isQuiet({ collection, id }: StoredDocument): boolean {
  return collection === QUIET.collection && id === QUIET.id;
}

/** Names the latest change: its version alone would come again after a restored backup. */
function latestOf(documents: readonly StoredDocument[]): string {
  const document = documents.find(isLatest);
  return document === undefined ? '' : JSON.stringify([document.version, document.data]);
}

function isLatest({ collection, id }: StoredDocument): boolean {
  return collection === LATEST.collection && id === LATEST.id;
}
