/**
 * Kinds: that an incident is a test or a drill, said first in every message about it.
 *
 * Pure. Both page as a real incident does, or they would prove nothing; so nobody may take one for it.
 */
import type { IncidentKind } from '../../model/timeline.ts';
import { fillText, type LocalTexts } from './message-texts.ts';

type Unreal = 'test' | 'drill';

const TITLES = { test: 'testTitle', drill: 'drillTitle' } as const;

/** The kind of an incident as a message has it: nothing of a real one. */
export function kindOf(kind: IncidentKind | undefined): { readonly kind?: Unreal } {
  return kind === 'test' || kind === 'drill' ? { kind } : {};
}

/** `DRILL: Disk full`; the title of a real incident as it is. */
export function titleOfKind(kind: IncidentKind | undefined, title: string, { texts }: LocalTexts): string {
  return kind === 'test' || kind === 'drill' ? fillText(texts[TITLES[kind]], { title }) : title;
}
