/**
 * What was merged goes on: the public was told of one incident, and its trouble is that of another one now.
 *
 * Pure. It shows how far the target is until the public is told of the target itself; it never shows a text of it.
 */
import type { StatusRecord } from './stored-record.ts';

/** A target may have been merged itself. */
const MOST_STEPS = 20;

/** The records, as of one moment; what was merged into something that the public was not told of is as far as that is. */
export function withMergedOnes(records: readonly StatusRecord[]): readonly StatusRecord[] {
  if (!records.some(goesOn)) return records;
  const byId = new Map(records.map((record) => [record.incidentId, record]));
  return records.map((record) => {
    const target = goesOn(record) ? targetOf(record, byId) : undefined;
    return target === undefined ? record : continued(record, target);
  });
}

function goesOn({ outcome, firstPublicAt, mergedInto }: StatusRecord): boolean {
  return outcome === 'merged' && firstPublicAt !== undefined && mergedInto !== undefined;
}

/** The incident that it has become; `undefined` when that is not to be seen, or is told of by itself. */
function targetOf(record: StatusRecord, byId: ReadonlyMap<string, StatusRecord>): StatusRecord | undefined {
  let target: StatusRecord | undefined = record;
  for (let steps = 0; steps < MOST_STEPS && target?.outcome === 'merged'; steps += 1) {
    target = byId.get(target.mergedInto ?? '');
    if (target?.firstPublicAt !== undefined) return undefined;
  }
  return target?.outcome === 'merged' || target?.visibility !== 'public' ? undefined : target;
}

function continued(record: StatusRecord, target: StatusRecord): StatusRecord {
  const { endedAt: mergedAt = target.openedAt, ...rest } = record;
  const isSince = ({ at }: { readonly at: number }) => at >= mergedAt;
  const isBefore = ({ at }: { readonly at: number }) => at < mergedAt;
  const then = target.spans.findLast(isBefore);
  const phase = target.phases.findLast(isBefore);
  return {
    ...rest,
    outcome: target.outcome,
    ...(target.endedAt !== undefined && { endedAt: target.endedAt }),
    phases: [
      ...record.phases.filter(isBefore),
      ...(phase === undefined ? [] : [{ ...phase, at: mergedAt }]),
      ...target.phases.filter(isSince),
    ],
    spans: [
      ...record.spans.filter(isBefore),
      ...(then === undefined ? [] : [{ ...then, at: mergedAt }]),
      ...target.spans.filter(isSince),
    ],
  };
}
