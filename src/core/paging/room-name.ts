/**
 * Room names: what the chat room of an incident is to be called, from a template.
 *
 * Pure. It knows no chat: whoever makes the room writes the name as the chat allows, and tells rooms of one name apart.
 */
import type { IncidentContext } from '../lifecycle/context.ts';

/** What a template may name. */
export const ROOM_FIELDS = ['date', 'service', 'severity', 'title', 'id'] as const;

type RoomField = (typeof ROOM_FIELDS)[number];

const FIELD = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** `template` with what it names filled in; the date is the day in UTC on which the incident was opened. */
export function roomName(
  template: string,
  { service, severity, title, id, times }: Pick<IncidentContext, RoomFact>,
): string {
  const date = new Date(times.openedAt).toISOString().slice(0, 10);
  const values = new Map<string, string>(Object.entries({ date, service, severity, title, id }));
  return template.replace(FIELD, (_, field: string) => values.get(field) ?? '');
}

type RoomFact = Exclude<RoomField, 'date'> | 'times';

/** What `template` names and nobody knows. */
export function unknownFields(template: string): readonly string[] {
  const known: readonly string[] = ROOM_FIELDS;
  return [...template.matchAll(FIELD)].map(([, field = '']) => field).filter((field) => !known.includes(field));
}
