/**
 * How far an incident was, from when to when, in the words that an audience reads.
 *
 * Pure. What somebody said with the latest update counts, else the phase; an end is an end whatever was said.
 */
import type { PublicStatus } from '../../model/status.ts';
import type { RecordUpdate, StatusRecord } from './stored-record.ts';

/** The moments from which an incident had another status, ascending; never empty. */
export type Progress = readonly { readonly at: number; readonly status: PublicStatus }[];

/** A moment at which the phase changes, or something is said. */
type Step = {
  readonly at: number;
  readonly phase?: StatusRecord['phases'][number]['status'];
  readonly isAgain?: true | undefined;
  readonly said?: RecordUpdate;
};

/**
 * The progress as those see it who read `updates`, a part of those of the record. The latest update counts if it said a status, until
 * the incident ends, is reopened, or gets worse after it was said to be over. An update that says 'resolved' is an end for whoever reads it.
 */
export function progressOf(
  { openedAt, phases, outcome, endedAt }: StatusRecord,
  updates: readonly RecordUpdate[],
): Progress {
  const steps: Step[] = [
    ...phases.map(({ at, status, isAgain }) => ({ at, phase: status, isAgain })),
    ...updates.map((said) => ({ at: said.at, said })),
  ].sort((one, other) => one.at - other.at);
  const progress: { at: number; status: PublicStatus }[] = [{ at: openedAt, status: 'investigating' }];
  let phase: Step['phase'] = 'investigating';
  let said: PublicStatus | undefined;
  for (const step of steps) {
    if (step.phase !== undefined) {
      if (step.isAgain || (isEnd(phase) && !isEnd(step.phase))) said = undefined;
      phase = step.phase;
    }
    if (step.said !== undefined) said = step.said.isStatusSaid ? step.said.status : undefined;
    const status = phase === 'ended' || phase === 'resolved' ? 'resolved' : (said ?? phase);
    if (status !== progress.at(-1)?.status) progress.push({ at: step.at, status });
  }
  if (outcome === 'open' || endedAt === undefined) return progress;
  // When it ended may have been corrected since.
  const before = progress.filter(({ at }) => at < endedAt);
  return before.at(-1)?.status === 'resolved' ? before : [...before, { at: endedAt, status: 'resolved' }];
}

function isEnd(phase: Step['phase']): boolean {
  return phase === 'ended' || phase === 'resolved';
}
