/**
 * The response as it is configured, ready to be asked: roles, checklists, fields and sub-statuses by their ids.
 *
 * Made from a checked configuration only; it holds no state of its own.
 */
import type { Config } from '../../model/config.ts';
import type { Checklist, IncidentField, Role, SubStatus } from '../../model/response.ts';
import { type Calendars, compileGate, type Gate } from '../paging/gate.ts';

/** The response as it is configured. */
export type CompiledResponse = {
  readonly roles: ReadonlyMap<string, Role>;
  readonly checklists: readonly (Checklist & { readonly gate: Gate })[];
  readonly fields: ReadonlyMap<string, IncidentField>;
  readonly subStatuses: ReadonlyMap<string, SubStatus>;
};

/** Compiles what a checked configuration says of the response. */
export function compileResponse({ incidents }: Config, calendars: Calendars): CompiledResponse {
  const { roles, checklists, fields, subStatuses } = incidents;
  return {
    roles: byId(roles),
    checklists: checklists.map((checklist) => ({ ...checklist, gate: compileGate(checklist.when, calendars) })),
    fields: byId(fields),
    subStatuses: byId(subStatuses),
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
