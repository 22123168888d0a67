/**
 * Quiet: which silence or maintenance window keeps an alert quiet at a moment.
 *
 * Pure. Of several that apply the one that ends last counts, so that the alert is looked at again once; none of them ever touches an
 * incident that is already open.
 */
import type { Condition } from '../../model/condition.ts';
import { durationMs } from '../../model/duration.ts';
import { toEpochMs } from '../../model/instant.ts';
import type { Maintenance, Silence } from '../../model/intake.ts';
import { createRecurrence } from '../on-call/occurrences.ts';
import type { Fact } from '../rules/field.ts';
import { compileRules, type RuleTrace } from '../rules/rule-set.ts';
import type { SuppressionKind } from './note.ts';

/** What keeps an alert quiet, and until when (epoch ms), where that is known. */
export type Quieting = {
  readonly kind: SuppressionKind;
  readonly id: string;
  readonly until?: number | undefined;
  readonly atEnd: 'reroute' | 'let-be';
  /** What ends at once: what is let go then becomes one incident, and nothing that is let go at another time. */
  readonly instance?: string | undefined;
};

/** A stretch of time, half-open, in epoch ms. */
export type Stretch = { readonly from: number; readonly until: number };

/** The window of a maintenance that `at` lies in, and what comes around it. */
export type Windows = {
  readonly at: (at: number) => Stretch | undefined;
  /** The window that begins after `at`, when there is one. */
  readonly after: (at: number) => Stretch | undefined;
};

/** One that is under way, and whether it concerns the fact. */
export type QuietTrace = RuleTrace & { readonly kind: SuppressionKind; readonly until: number };

/** The silences and windows of a tenant. */
export type Quiet = {
  readonly of: (fact: Fact, at: number) => Quieting | undefined;
  /** Those that are under way at `at`, with the reasons for and against each; at most 50. */
  readonly trace: (fact: Fact, at: number) => readonly QuietTrace[];
};

type Entry = {
  readonly kind: 'silence' | 'maintenance';
  readonly id: string;
  readonly atEnd: 'reroute' | 'let-be';
  readonly windows: Windows;
};

const MOST_TRACES = 50;

/**
 * Compiles silences and maintenance windows.
 *
 * @throws TocsinError RULE_INVALID when a condition is malformed; SCHEDULE_INVALID when a recurrence is.
 */
export function compileQuiet(silences: readonly Silence[], maintenance: readonly Maintenance[]): Quiet {
  const rules = compileRules<Entry>([
    ...silences.map(({ id, when, atEnd, ...stretch }) => ({
      id,
      when,
      outcome: { kind: 'silence' as const, id, atEnd, windows: once(stretch) },
    })),
    ...maintenance.map((window) => ({
      id: window.id,
      when: conditionOf(window),
      outcome: {
        kind: 'maintenance' as const,
        id: window.id,
        atEnd: window.atEnd,
        windows: maintenanceWindows(window),
      },
    })),
  ]);
  const entries = [...silences.map((silence) => once(silence)), ...maintenance.map(maintenanceWindows)];
  const kinds = [...silences.map(() => 'silence' as const), ...maintenance.map(() => 'maintenance' as const)];
  if (entries.length === 0) return { of: () => undefined, trace: () => [] };
  return {
    of: (fact, at) => {
      let last: (Quieting & { readonly until: number }) | undefined;
      for (const { outcome } of rules.matches(fact, at)) {
        const until = outcome.windows.at(at)?.until;
        if (until === undefined || (last !== undefined && !endsLater(last, until, outcome))) continue;
        last = { kind: outcome.kind, id: outcome.id, atEnd: outcome.atEnd, until };
      }
      return last;
    },
    trace: (fact, at) =>
      rules
        .trace(fact, at)
        .flatMap((trace): QuietTrace[] => {
          const until = entries[trace.index]?.at(at)?.until;
          return until === undefined ? [] : [{ ...trace, kind: kinds[trace.index] ?? 'silence', until }];
        })
        .slice(0, MOST_TRACES),
  };
}

/** Of two that end together the one that lets nobody be forgotten. */
function endsLater(last: Quieting & { readonly until: number }, until: number, { atEnd }: Entry): boolean {
  return until > last.until || (until === last.until && atEnd === 'reroute');
}

function conditionOf({ services, when }: Maintenance): Condition {
  const atService: Condition[] = services === undefined ? [] : [{ field: 'service', op: 'in', value: services }];
  return { all: [...atService, ...(when === undefined ? [] : [when])] };
}

/**
 * The windows of a maintenance.
 *
 * @throws TocsinError SCHEDULE_INVALID when its recurrence cannot be used.
 */
export function maintenanceWindows({
  from,
  until,
  recurring,
}: Pick<Maintenance, 'from' | 'until' | 'recurring'>): Windows {
  if (recurring === undefined) return once({ from, until });
  const { duration, ...rule } = recurring;
  const recurrence = createRecurrence(rule);
  const lastsMs = durationMs(duration);
  const beginning = (date: Date | undefined): Stretch | undefined =>
    date === undefined ? undefined : { from: date.getTime(), until: date.getTime() + lastsMs };
  return {
    at: (at) => {
      const latest = beginning(recurrence.before(at + 1));
      return latest !== undefined && at < latest.until ? latest : undefined;
    },
    after: (at) => beginning(recurrence.after(at)),
  };
}

function once({
  from,
  until,
}: {
  readonly from?: Silence['from'] | undefined;
  readonly until?: Silence['until'] | undefined;
}): Windows {
  const stretch = { from: toEpochMs(from ?? 0), until: toEpochMs(until ?? 0) };
  return {
    at: (at) => (stretch.from <= at && at < stretch.until ? stretch : undefined),
    after: (at) => (at < stretch.from ? stretch : undefined),
  };
}
