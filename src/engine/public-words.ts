/**
 * Public words: what the public may be told an incident is called, and what it touches.
 *
 * Pure. Nothing in it comes from a title, a text, an id or a label that was not written for the public.
 */
import type { ConfigRules } from '../core/config/compile.ts';
import type { Touched } from '../core/status/neutral-title.ts';
import { isPublicComponent, pageTitle } from '../core/status/page-title.ts';
import type { StatusChange } from '../core/status/record.ts';
import type { EventOf, TimelineEvent } from '../model/timeline.ts';

/** What the public may be told. */
export type PublicWords = {
  /**
   * As it was last called in a public update; before that as on the public page; where there is none, what it touches. The
   * name of a service is not a word for the public: it may have no title at all.
   */
  readonly title: string | undefined;
  /** What a title that is that of the public page is made of, to be said in other languages too. */
  readonly touched?: Touched;
  /** The names of the components that it touches, as far as the public knows them. */
  readonly components: readonly string[];
  /** All of them. */
  readonly componentIds: readonly string[];
};

/** The words for an incident with these `events`, as far as they have come. */
export function publicWordsOf(
  { config, status }: Pick<ConfigRules, 'config' | 'status'>,
  told: StatusChange,
): PublicWords {
  const { events, snapshot } = told;
  const { service: id } = snapshot.context;
  const updates = events.filter(isPublic);
  const called = updates.findLast(({ title }) => title !== undefined)?.title;
  const named = updates.findLast(({ components }) => components !== undefined)?.components;
  const { components } = config.status;
  const touched = components.filter((component) =>
    named === undefined ? component.services.includes(id) : Object.hasOwn(named, component.id),
  );
  const names = touched.flatMap(({ id: one, name }) => (isPublicComponent(status, one) ? [name] : []));
  const onPage = called === undefined ? pageTitle(status, told) : undefined;
  return {
    title: called ?? onPage?.title ?? (names.length > 0 ? names.slice(0, 5).join(', ') : undefined),
    ...(onPage?.touched !== undefined && { touched: onPage.touched }),
    components: names,
    componentIds: touched.map((component) => component.id),
  };
}

function isPublic(event: TimelineEvent): event is EventOf<'update.posted'> {
  return event.type === 'update.posted' && event.audience === 'public';
}
