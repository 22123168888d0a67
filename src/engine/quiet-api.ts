/**
 * tocsin.silences and tocsin.maintenance: what is silenced, by the configuration and by people, and how that is changed.
 *
 * Each method a line; whatever it answers was read from the storage, never remembered.
 */

import { maintenanceWindows } from '../core/intake/quiet.ts';
import { SUPPRESSED } from '../core/intake/suppress.ts';
import type { Condition } from '../model/condition.ts';
import { type Dated, dated } from '../model/dated.ts';
import type { Actor } from '../model/identity.ts';
import { toEpochMs } from '../model/instant.ts';
import type { Maintenance } from '../model/intake.ts';
import type { MaintenanceAnnouncement, MaintenanceUpdate } from '../model/maintenance.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { type MaintenanceUpdateInput, postMaintenanceUpdate } from './maintenance-updates.ts';
import { endQuiet, type QuietKind, setQuiet } from './quiet-changes.ts';
import { type MaintenanceRow, maintenanceOf, type SilenceRow } from './quiet-document.ts';
import type { QuietInput } from './quiet-input.ts';
import { transact } from './transact.ts';

/** Where something stands. */
export type QuietState = 'pending' | 'active' | 'ended';

/** What a silence and a maintenance window have in common. */
export type ListedQuiet = {
  readonly id: string;
  /** Whether it stands in the configuration, or was set by a person since. */
  readonly origin: 'configuration' | 'stored';
  readonly state: QuietState;
  readonly atEnd: 'reroute' | 'let-be';
  readonly comment?: string;
  /** How many alerts it has kept quiet. */
  readonly suppressed: number;
  readonly createdAt?: Date;
  readonly createdBy?: Actor;
  readonly endedAt?: Date;
  readonly endedBy?: Actor;
};

/** A silence. */
export type ListedSilence = ListedQuiet & {
  readonly when: Condition;
  readonly from: Date;
  readonly until: Date;
  readonly author?: string;
};

/** A maintenance window. */
export type ListedMaintenance = ListedQuiet & {
  readonly services?: readonly string[];
  readonly when?: Condition;
  readonly from?: Date;
  readonly until?: Date;
  readonly recurring?: Maintenance['recurring'];
  /** What is told of it to people who are not responding, and what was told since. */
  readonly announcement?: MaintenanceAnnouncement;
  readonly updates?: readonly Dated<MaintenanceUpdate, 'at'>[];
  /** The window that is under way, or else the next one. */
  readonly window?: { readonly from: Date; readonly until: Date };
};

/** What keeps alerts quiet, and how people change it. */
export type QuietApi<N extends QuietKind, L> = {
  /**
   * Sets one; alerts that match are kept, counted and listed, and page nobody.
   *
   * @throws TocsinError INPUT_INVALID or REFERENCE_UNKNOWN, naming the field.
   */
  set(input: QuietInput<N>): Promise<L>;
  /**
   * Ends one now; what it kept quiet and still fires is looked at again.
   *
   * @throws TocsinError SILENCE_NOT_FOUND or MAINTENANCE_NOT_FOUND when none of that id is stored; INVALID_TRANSITION when it has ended.
   */
  end(id: string, input: QuietInput<'end'>): Promise<L>;
  /** Those of the configuration and those that were stored, in that order. */
  list(): Promise<readonly L[]>;
};

/** Maintenance windows, and what is told of them. */
export type MaintenanceApi = QuietApi<'maintenance', ListedMaintenance> & {
  /**
   * Says something of a window that was announced; subscribers hear it, and status pages show it.
   *
   * @throws TocsinError MAINTENANCE_NOT_FOUND when none of that id is stored; INPUT_INVALID when it was not announced.
   */
  postUpdate(id: string, input: MaintenanceUpdateInput): Promise<ListedMaintenance>;
};

/** The silences of one tenant. */
export function silencesApi(engine: Engine, tenant: string): QuietApi<'silence', ListedSilence> {
  return api(engine, tenant, 'silence', listSilences);
}

/** The maintenance windows of one tenant. */
export function maintenanceApi(engine: Engine, tenant: string): MaintenanceApi {
  const windows = api(engine, tenant, 'maintenance', listMaintenance);
  return {
    ...windows,
    async postUpdate(id, input) {
      await postMaintenanceUpdate(engine, tenant, id, input);
      const found = (await windows.list()).find((one) => one.id === id);
      if (found === undefined) throw new Error(`maintenance ${id} was stored and is not there`);
      return found;
    },
  };
}

type List<L> = (loaded: Decidable, counted: ReadonlyMap<string, number>) => readonly L[];

function api<N extends QuietKind, L extends ListedQuiet>(
  engine: Engine,
  tenant: string,
  kind: N,
  list: List<L>,
): QuietApi<N, L> {
  const listed = (): Promise<readonly L[]> =>
    transact(engine, { tenant }, (loaded, { counters }) => {
      const ids = idsOf(loaded, kind);
      const asked = ids.map((id) => ({ collection: SUPPRESSED, id: `${kind}:${id}` }));
      if (counters === undefined && asked.length > 0) return { more: { counters: asked } };
      const values = new Map(loaded.counters.map(({ id, value }) => [id.slice(kind.length + 1), value]));
      const found = list(loaded, values);
      return { answer: () => found };
    });
  const one = async (id: string): Promise<L> => {
    const found = (await listed()).find((each) => each.id === id);
    if (found === undefined) throw new Error(`${kind} ${id} was stored and is not there`);
    return found;
  };
  return {
    set: async (input) => one(await setQuiet(engine, tenant, kind, input)),
    async end(id, input) {
      await endQuiet(engine, tenant, { kind, id }, input);
      return one(id);
    },
    list: listed,
  };
}

function idsOf({ config, quiet }: Decidable, kind: QuietKind): readonly string[] {
  const { silences, maintenance } = config.config.suppression;
  const rows =
    kind === 'silence'
      ? [...silences, ...(quiet.rows?.silences ?? [])]
      : [...maintenance, ...(quiet.rows?.maintenance ?? [])];
  return rows.map(({ id }) => id);
}

function listSilences(
  { config, quiet, now }: Decidable,
  counted: ReadonlyMap<string, number>,
): readonly ListedSilence[] {
  const configured = config.config.suppression.silences.map(
    ({ id, when, author, comment, atEnd, ...silence }): ListedSilence => {
      const [from, until] = [toEpochMs(silence.from), toEpochMs(silence.until)];
      return {
        id,
        origin: 'configuration',
        state: stateOf({ from, until }, now),
        when,
        from: new Date(from),
        until: new Date(until),
        author,
        comment,
        atEnd,
        suppressed: counted.get(id) ?? 0,
      };
    },
  );
  const stored = (quiet.rows?.silences ?? []).map((row): ListedSilence => {
    const until = Math.min(row.untilAt, row.endedAt ?? row.untilAt);
    return {
      ...storedPart(row, counted),
      state: stateOf({ from: row.fromAt, until }, now),
      when: row.when,
      from: new Date(row.fromAt),
      until: new Date(row.untilAt),
    };
  });
  return [...configured, ...stored];
}

function listMaintenance(
  { config, quiet, now }: Decidable,
  counted: ReadonlyMap<string, number>,
): readonly ListedMaintenance[] {
  const configured = config.config.suppression.maintenance.map(
    (window): ListedMaintenance => ({
      id: window.id,
      origin: 'configuration',
      atEnd: window.atEnd,
      ...(window.comment !== undefined && { comment: window.comment }),
      suppressed: counted.get(window.id) ?? 0,
      ...windowPart(window, now),
    }),
  );
  const stored = (quiet.rows?.maintenance ?? []).map((row): ListedMaintenance => {
    const part = windowPart({ ...maintenanceOf(row), recurring: row.recurring }, now);
    const { announcement, updates } = row;
    const said = {
      ...(announcement !== undefined && { announcement }),
      ...(updates !== undefined && { updates: updates.map((update) => dated(update, ['at'])) }),
    };
    if (row.endedAt === undefined) return { ...storedPart(row, counted), ...said, ...part };
    const { window: _, ...rest } = part;
    return { ...storedPart(row, counted), ...said, ...rest, state: 'ended' };
  });
  return [...configured, ...stored];
}

function storedPart(
  row: SilenceRow | MaintenanceRow,
  counted: ReadonlyMap<string, number>,
): Omit<ListedQuiet, 'state'> {
  const { id, atEnd, comment, createdAt, createdBy, endedAt, endedBy } = row;
  return {
    id,
    origin: 'stored',
    atEnd,
    ...(comment !== undefined && { comment }),
    suppressed: counted.get(id) ?? 0,
    createdAt: new Date(createdAt),
    createdBy,
    ...(endedAt !== undefined && { endedAt: new Date(endedAt) }),
    ...(endedBy !== undefined && { endedBy }),
  };
}

function windowPart(
  { services, when, from, until, recurring }: Pick<Maintenance, 'services' | 'when' | 'from' | 'until' | 'recurring'>,
  now: number,
): Pick<ListedMaintenance, 'state' | 'services' | 'when' | 'from' | 'until' | 'recurring' | 'window'> {
  const windows = maintenanceWindows(recurring === undefined ? { from, until } : { recurring });
  const current = windows.at(now);
  const shown = current ?? windows.after(now);
  return {
    state: current !== undefined ? 'active' : shown !== undefined ? 'pending' : 'ended',
    ...(services !== undefined && { services }),
    ...(when !== undefined && { when }),
    ...(recurring === undefined
      ? { from: new Date(toEpochMs(from ?? 0)), until: new Date(toEpochMs(until ?? 0)) }
      : { recurring }),
    ...(shown !== undefined && { window: { from: new Date(shown.from), until: new Date(shown.until) } }),
  };
}

function stateOf({ from, until }: { readonly from: number; readonly until: number }, now: number): QuietState {
  if (now >= until) return 'ended';
  return now < from ? 'pending' : 'active';
}
