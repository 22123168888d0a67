/**
 * The report of a window: its incidents folded page by page into a tally, and beside them hours on call and action items.
 *
 * What it takes in memory grows with a few numbers for each incident, whatever stands in their timelines. It writes nothing.
 */
import { actionItemNumbers } from '../core/review/action-item-numbers.ts';
import { createTally } from '../core/review/tally.ts';
import type { StoredActionItem } from '../model/action-item.ts';
import type { ActionItemNumbers, NumbersReport } from '../model/measurement.ts';
import { everyActionItem } from './action-items-reads.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { isAskedFor, numbersIn } from './numbers-read.ts';
import type { CheckedReport } from './numbers-window.ts';
import { onCallHours } from './on-call-hours.ts';
import { personOf } from './people.ts';
import { transact } from './transact.ts';

/** The longest window of which hours on call are counted, in ms: 400 days. */
const MOST_ON_CALL_MS = 400 * 86_400_000;

/** The report of a tenant. */
export async function reportOf(engine: Engine, tenant: string, options: CheckedReport): Promise<NumbersReport> {
  const current = await transact(engine, { tenant }, (loaded) => ({ answer: () => loaded }));
  const { now, config } = current;
  const { interruptionGapMs, onProgress, ...window } = options;
  const tally = createTally({
    ...window,
    tenant,
    at: now,
    gapMs: interruptionGapMs,
    teamOf: (service) => config.services.get(service)?.team,
    compareSeverity: config.severity.compare,
    zoneOf: (user) => personOf(engine, tenant, user)?.timeZone,
  });
  const people = new Set<string>();
  let incidents = 0;
  for await (const page of numbersIn(engine, { tenant, now, ...window })) {
    for (const numbers of page) {
      if (!isAskedFor(numbers, window)) continue;
      incidents += 1;
      tally.add(numbers);
      if (engine.people !== undefined) for (const { user } of numbers.people) people.add(user);
    }
    const last = page.at(-1);
    if (last !== undefined) onProgress?.({ incidents, at: new Date(last.openedAt) });
  }
  const hours = hoursIn(engine, tenant, options, current);
  await engine.people?.fetch(tenant, unknownOf(engine, tenant, [...people, ...(hours?.keys() ?? [])]));
  const actionItems = await itemNumbers(engine, tenant, options, now);
  return tally.report({ actionItems, ...(hours !== undefined && { onCallHours: hours }) });
}

/** Until now at most: what is to come may still be given away. Of a longer window, and of services alone, nothing. */
function hoursIn(
  { logger }: Engine,
  tenant: string,
  { fromAt, untilAt, services }: CheckedReport,
  { config, now }: Decidable,
): ReadonlyMap<string, number> | undefined {
  if (services !== undefined || untilAt - fromAt > MOST_ON_CALL_MS) return undefined;
  const endAt = Math.min(untilAt, now);
  if (endAt <= fromAt) return undefined;
  return onCallHours([...config.schedules.values()], { startAt: fromAt, endAt }, (schedule, error) =>
    logger.warn({ tenant, schedule, error }, 'The hours on call of a schedule cannot be counted; a report has none.'),
  );
}

/** People of whom only the directory knows where they live, and has not been asked. */
function unknownOf(engine: Engine, tenant: string, people: readonly string[]): readonly string[] {
  const isUnknown = (user: string) =>
    personOf(engine, tenant, user) === undefined && engine.people?.isUnknown(tenant, user);
  return [...new Set(people)].filter(isUnknown);
}

async function itemNumbers(
  engine: Engine,
  tenant: string,
  { fromAt, untilAt, as, services }: CheckedReport,
  now: number,
): Promise<ActionItemNumbers> {
  const counted: StoredActionItem[] = [];
  for await (const page of everyActionItem(engine, tenant, as))
    for (const item of page) {
      const isWithin = item.createdAt >= fromAt && item.createdAt < untilAt;
      if (isWithin && (services === undefined || services.has(item.service))) counted.push(item);
    }
  return actionItemNumbers(counted, { now });
}
