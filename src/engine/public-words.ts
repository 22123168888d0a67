/**
 * Public words: what the public may be told an incident is called, and what it touches.
 *
 * Pure. Nothing in it comes from a title, a text or a label that was not written for the public.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import type { Config } from '../model/config.ts';
import type { EventOf, TimelineEvent } from '../model/timeline.ts';

/** What the public may be told. */
export type PublicWords = {
  /** As it was last called in a public update; before that what it touches. */
  readonly title: string;
  /** The name of the service, which the host chose; its id where it has none. */
  readonly service: string;
  /** The names of the components that it touches. */
  readonly components: readonly string[];
  readonly componentIds: readonly string[];
};

/** The words for an incident with these `events`, as far as they have come. */
export function publicWordsOf(config: Config, context: IncidentContext, events: readonly TimelineEvent[]): PublicWords {
  const told = events.filter(isPublic);
  const called = told.findLast(({ title }) => title !== undefined)?.title;
  const named = told.findLast(({ components }) => components !== undefined)?.components;
  const { components } = config.status;
  const touched = components.filter(({ id, services }) =>
    named === undefined ? services.includes(context.service) : Object.hasOwn(named, id),
  );
  const service = config.services.find(({ id }) => id === context.service);
  const name = service?.name ?? context.service;
  const names = touched.map((component) => component.name);
  return {
    title: called ?? (names.slice(0, 5).join(', ') || name),
    service: name,
    components: names,
    componentIds: touched.map(({ id }) => id),
  };
}

function isPublic(event: TimelineEvent): event is EventOf<'update.posted'> {
  return event.type === 'update.posted' && event.audience === 'public';
}
