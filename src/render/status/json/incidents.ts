/**
 * Incidents and maintenance as Statuspage tells of them: a maintenance is an incident with a beginning and an end.
 *
 * It never guesses what an update changed: the picture knows only the worst of the whole.
 */
import type { PictureIncident, PictureMaintenance, PictureUpdate, StatusPicture } from '../../../model/status.ts';
import { eventAddress } from '../addresses.ts';
import { INDICATOR_OF_IMPACT } from '../feed-words.ts';
import type { JsonComponent } from './components.ts';
import { iso, said } from './values.ts';

/** What they are told of with. */
export type Telling = { readonly picture: StatusPicture; readonly components: readonly JsonComponent[] };

/** An incident in the JSON, with its components as they stand now. */
export function incidentOf({ picture, components }: Telling, incident: PictureIncident): object {
  return {
    id: incident.id,
    name: said(incident.title),
    status: incident.status,
    created_at: iso(incident.startedAt),
    updated_at: iso(incident.updatedAt),
    monitoring_at: momentOrNull(incident.monitoringAt),
    resolved_at: momentOrNull(incident.resolvedAt),
    impact: INDICATOR_OF_IMPACT[incident.impact],
    shortlink: eventAddress(picture, incident.id) ?? '',
    started_at: iso(incident.startedAt),
    page_id: picture.page.id,
    incident_updates: updatesOf(incident),
    components: chosen(components, Object.keys(incident.components)),
    reminder_intervals: null,
  };
}

/** A maintenance in the JSON, with its components as they stand now. */
export function maintenanceOf({ picture, components }: Telling, maintenance: PictureMaintenance): object {
  return {
    id: maintenance.id,
    name: said(maintenance.title),
    status: maintenance.status,
    created_at: iso(maintenance.createdAt),
    updated_at: iso(maintenance.updatedAt),
    monitoring_at: null,
    resolved_at: maintenance.status === 'completed' ? iso(completedAt(maintenance)) : null,
    impact: 'maintenance',
    shortlink: eventAddress(picture, maintenance.id) ?? '',
    // Statuspage has the moment at which it was announced here; the work is between the two at the end.
    started_at: iso(maintenance.createdAt),
    page_id: picture.page.id,
    incident_updates: updatesOf(maintenance),
    components: chosen(components, maintenance.components),
    scheduled_for: iso(maintenance.startsAt),
    scheduled_until: iso(maintenance.endsAt),
    reminder_intervals: null,
  };
}

function chosen(components: readonly JsonComponent[], ids: readonly string[]): readonly JsonComponent[] {
  const asked = new Set(ids);
  return components.filter(({ id }) => asked.has(id));
}

function updatesOf({ id, updates }: { readonly id: string; readonly updates: readonly PictureUpdate[] }): object[] {
  return updates.map((update) => ({
    id: update.id,
    status: update.status,
    body: said(update.text),
    incident_id: id,
    created_at: iso(update.at),
    updated_at: iso(update.at),
    display_at: iso(update.at),
    affected_components: null,
    // Never null at Statuspage; this is what it has unless somebody says otherwise.
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  }));
}

function completedAt({ updates, endsAt }: PictureMaintenance): number {
  return updates.find(({ status }) => status === 'completed')?.at ?? endsAt;
}

function momentOrNull(at: number | undefined): string | null {
  return at === undefined ? null : iso(at);
}
