/**
 * A status record after an update: its text, and what it sets by hand.
 *
 * Pure. An update says nothing of components that no longer exist, nor of any once the incident has ended.
 */
import type { Impact, PublicStatus } from '../../model/status.ts';
import type { EventOf } from '../../model/timeline.ts';
import { cutUnits } from '../text/cut-units.ts';
import { MOST_TEXT, MOST_TITLE } from './bounded-record.ts';
import type { CompiledStatus } from './compile.ts';
import { isOpen } from './new-record.ts';
import type { RecordUpdate, StatusRecord } from './stored-record.ts';

type Impacts = Readonly<Record<string, Impact>>;

/** The record with one more update; `shows` is what the incident does to components before it. */
export function withUpdate(
  record: StatusRecord,
  event: EventOf<'update.posted'>,
  { status, shows }: { readonly status: CompiledStatus; readonly shows: Impacts },
): StatusRecord {
  const isPublic = event.audience === 'public';
  const named = knownOf(event.components, status);
  const title = event.title === undefined ? undefined : cutUnits(event.title, MOST_TITLE);
  const update: RecordUpdate = {
    id: `${record.incidentId}:${event.seq}`,
    seq: event.seq,
    at: event.at,
    status: event.status ?? statusOfPhase(record),
    ...(event.status !== undefined && { isStatusSaid: true }),
    text: cutUnits(event.text, MOST_TEXT),
    audience: event.audience,
    ...(title !== undefined && { title }),
    ...(Object.keys(named).length > 0 && { components: named }),
  };
  return {
    ...record,
    updates: [...record.updates, update],
    // After the end nothing is done to a component any more.
    ...(isOpen(record) && {
      byHand: {
        ...(isTakenBack(record, event) ? {} : record.byHand),
        ...(isPublic && event.status === 'resolved' && allOperational(shows)),
        ...named,
      },
    }),
    ...(isPublic && title !== undefined && { publicTitle: title }),
    ...(isPublic && { firstPublicAt: record.firstPublicAt ?? event.at }),
  };
}

/** Whether the public was told that it is over, and is told now that it is not: then nothing is as it was said to be. */
function isTakenBack({ updates }: StatusRecord, { audience, status }: EventOf<'update.posted'>): boolean {
  if (audience !== 'public' || status === undefined || status === 'resolved') return false;
  return updates.findLast((update) => update.audience === 'public' && update.isStatusSaid)?.status === 'resolved';
}

/** A component that no longer exists is left out. */
function knownOf(components: Impacts = {}, status: CompiledStatus): Record<string, Impact> {
  return Object.fromEntries(Object.entries(components).filter(([id]) => status.components.has(id)));
}

function allOperational(impacts: Impacts): Record<string, Impact> {
  return Object.fromEntries(Object.keys(impacts).map((id) => [id, 'operational']));
}

function statusOfPhase({ phases }: StatusRecord): PublicStatus {
  const last = phases.at(-1)?.status ?? 'investigating';
  return last === 'ended' ? 'resolved' : last;
}
