/**
 * Measurements as hosts ask for them: the numbers of one incident, and of a window of time.
 */
import { isVisibleTo } from '../core/lifecycle/involved.ts';
import { incidentNumbers } from '../core/review/incident-numbers.ts';
import type { InstantInput } from '../model/instant.ts';
import type { IncidentNumbers, NumbersReport } from '../model/measurement.ts';
import type { IncidentKind } from '../model/timeline.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { loadIncident } from './commands.ts';
import type { Engine } from './engine.ts';
import { isAskedFor, numbersIn } from './numbers-read.ts';
import { reportOf } from './numbers-report.ts';
import { type CheckedWindow, checkRebuild, checkReport, checkWindow } from './numbers-window.ts';
import type { ReadOptions } from './read-options.ts';
import { rebuildNumbers } from './rebuild-numbers.ts';
import { stored } from './stored-incident.ts';
import { reaching, transact } from './transact.ts';

/** Which incidents are counted. Instants are a `Date`, epoch ms, or ISO 8601 with an offset. */
export type NumbersWindow = ReadOptions & {
  /** Incidents that were opened from here on. */
  readonly from: InstantInput;
  /** And before this moment. */
  readonly until: InstantInput;
  /** Default: `['real']`. */
  readonly kinds?: readonly IncidentKind[];
  readonly services?: readonly string[];
};

/** How far a long read has come. */
export type NumbersProgress = { readonly incidents: number; readonly at: Date };

/** A report over a window. */
export type ReportOptions = NumbersWindow & {
  /** In which weeks begin, and days and nights of people who have no zone of their own. Default: 'UTC'. */
  readonly timeZone?: string;
  /** Local times between which people sleep. Default: from '22:00' until '08:00'. */
  readonly sleep?: { readonly from: string; readonly until: string };
  /** How long after a page another one is the same interruption. Default: '5m'. */
  readonly interruptionGap?: string;
  /** Called while it is made. */
  readonly onProgress?: (progress: NumbersProgress) => void;
};

/** The numbers of one tenant. */
export type MeasurementsApi = {
  /**
   * The numbers of one incident as they stand now, each with the two entries of the timeline that it came from.
   *
   * @throws TocsinError INCIDENT_NOT_FOUND when the tenant has none of that id, or none that `as` may see.
   */
  of(incidentId: string, options?: ReadOptions): Promise<IncidentNumbers>;
  /** The numbers of each incident of a window, in the order in which they were opened, read in pages. */
  incidents(window: NumbersWindow): AsyncIterable<IncidentNumbers>;
  /**
   * The numbers of a window of time. An empty window has counts of zero and no durations.
   *
   * @throws TocsinError WINDOW_INVALID when `from` is not before `until`; INPUT_INVALID for anything else that is wrong.
   */
  report(options: ReportOptions): Promise<NumbersReport>;
  /**
   * Works out again, from their timelines, the numbers of incidents that have ended: after data was moved here from elsewhere, or
   * by a version that kept none. Answers how many were written.
   */
  rebuild(options?: { readonly onProgress?: (progress: NumbersProgress) => void }): Promise<{
    readonly incidents: number;
  }>;
};

/** The numbers of `tenant`. */
export function measurementsApi(engine: Engine, tenant: string): MeasurementsApi {
  return {
    async of(incidentId, options = {}) {
      refuseUnknownOptions('read numbers', options, ['as']);
      return numbersOfOne(engine, tenant, incidentId, options);
    },
    incidents: (window) => countedIn(engine, tenant, checkWindow(window)),
    report: async (options) => reportOf(engine, tenant, checkReport(options)),
    rebuild: async (options = {}) => {
      const { onProgress } = checkRebuild(options);
      await engine.ready();
      return { incidents: await rebuildNumbers(engine, tenant, onProgress) };
    },
  };
}

async function numbersOfOne(engine: Engine, tenant: string, id: string, { as }: ReadOptions): Promise<IncidentNumbers> {
  const doing = 'read the numbers of';
  const { snapshot } = await loadIncident(engine, tenant, id, doing);
  if (as !== undefined && !isVisibleTo(snapshot.context, as)) stored({ incidents: [] }, id, doing);
  const timeline = await reaching(() => engine.storage.timeline(tenant, id));
  return incidentNumbers(timeline, { now: await nowOf(engine, tenant) });
}

/** Those of a window that count, one after the other. */
async function* countedIn(engine: Engine, tenant: string, window: CheckedWindow): AsyncGenerator<IncidentNumbers> {
  const now = await nowOf(engine, tenant);
  for await (const page of numbersIn(engine, { tenant, now, ...window }))
    yield* page.filter((numbers) => window.kinds.includes(numbers.kind) && isAskedFor(numbers, window));
}

/** By the clock of the storage. */
function nowOf(engine: Engine, tenant: string): Promise<number> {
  return transact(engine, { tenant }, ({ now }) => ({ answer: () => now }));
}
