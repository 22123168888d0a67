/**
 * The view: an incident as hosts see it, from a snapshot.
 */
import { dated } from '../../model/dated.ts';
import type {
  AlertsState,
  ExternalReference,
  Incident,
  Paging,
  Phase,
  Review,
  TimesMs,
  Updates,
} from '../../model/incident.ts';
import type { MessageStatus } from '../../model/message.ts';
import type { IncidentLink } from '../../model/timeline.ts';
import type { IncidentContext } from './context.ts';
import { vacantRoles } from './owed.ts';
import type { IncidentSnapshot } from './snapshot.ts';

/** An incident as hosts see it. */
export function incidentView(
  snapshot: IncidentSnapshot,
  identity: { readonly tenant: string; readonly version: number },
): Incident {
  const { value, context } = snapshot;
  return {
    id: context.id,
    tenant: identity.tenant,
    version: identity.version,
    title: context.title,
    ...(context.body !== null && { body: context.body }),
    service: context.service,
    severity: context.severity,
    urgency: context.urgency,
    visibility: context.visibility,
    kind: context.kind,
    ...(context.impact !== null && { impact: context.impact }),
    ...(context.timePressure !== null && { timePressure: context.timePressure }),
    phase: value.phase as Phase,
    paging: pagingState(snapshot),
    alertsState: value.alerts as AlertsState,
    updates: value.updates as Updates,
    review: value.review as Review,
    ...timesOf(context),
    ...(context.subStatus !== null && { subStatus: context.subStatus }),
    position: context.position,
    policy: context.ladder.policyId,
    acknowledgedBy: context.acknowledgedBy,
    roles: context.roles,
    responders: context.responders,
    vacantRoles: vacantRoles(context),
    tasks: context.tasks.map((task) => dated(task, ['dueAt', 'createdAt', 'completedAt'])),
    drafts: context.drafts.map((draft) => dated(draft, ['at'])),
    fields: context.fields,
    missingFields: context.requiredFields.filter((id) => !Object.hasOwn(context.fields, id)),
    pinned: context.pinned,
    links: context.links,
    externalRefs: externalRefsOf(context.links),
    alerts: context.alerts,
    ...(context.mergedInto !== null && { mergedInto: context.mergedInto }),
    absorbed: context.absorbed,
    timers: Object.fromEntries(Object.entries(snapshot.timers).map(([kind, timer]) => [kind, new Date(timer.dueAt)])),
  };
}

/** The state of the paging region without its inner states. */
export function pagingState(snapshot: IncidentSnapshot): Paging {
  const { paging } = snapshot.value;
  return (typeof paging === 'string' ? paging : Object.keys(paging)[0]) as Paging;
}

/** The times as they were corrected, and beside them what was recorded. */
function timesOf({ times, corrections }: IncidentContext): Pick<Incident, 'times' | 'originalTimes'> {
  const names = [...Object.keys(times), ...Object.keys(corrections)] as (keyof TimesMs)[];
  const originals = Object.fromEntries(
    Object.keys(corrections).flatMap((name) => {
      const recorded = times[name as keyof TimesMs];
      return recorded === undefined ? [] : [[name, new Date(recorded)]];
    }),
  );
  return { times: dated<TimesMs, keyof TimesMs>({ ...times, ...corrections }, names), originalTimes: originals };
}

function externalRefsOf(links: readonly IncidentLink[]): readonly ExternalReference[] {
  const latest = new Map<string, ExternalReference>();
  for (const { external, href } of links)
    if (external !== undefined) latest.set(external.mirror, { ...external, ...(href !== undefined && { url: href }) });
  return [...latest.values()];
}

/** How far the incident is, in the words of the platforms that know three states. */
export function statusOf(snapshot: IncidentSnapshot): MessageStatus {
  if (snapshot.context.outcome !== 'open') return 'resolved';
  // Where nobody is asked any more somebody leads it: elsewhere nobody is to be asked either.
  const paging = pagingState(snapshot);
  return paging === 'acknowledged' || paging === 'snoozed' || paging === 'quiet' ? 'acknowledged' : 'triggered';
}
