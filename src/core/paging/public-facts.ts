/**
 * Public facts: what the public may know of an incident, folded from its timeline.
 *
 * Pure. Only what was posted for the public counts, and only while the incident was public itself; what nobody has written is
 * said in words that fit every incident. No title, note, severity or person of ours ever gets into it.
 */
import type { Message, PublicFacts, PublicUpdate } from '../../model/message.ts';
import { IMPACTS, type Impact, type PublicStatus } from '../../model/status.ts';
import type { EventOf, TimelineEvent } from '../../model/timeline.ts';
import { boundedLine, boundedText } from '../text/bounded.ts';
import type { LocalTexts } from './message-texts.ts';

/** In which words, and what the public calls a component by its id, if it knows it. */
export type PublicWords = {
  readonly local: LocalTexts;
  readonly componentName: (id: string) => string | undefined;
  /** What a public page calls the incident, if one shows it: it is called the same everywhere. */
  readonly pageTitle?: string | undefined;
};

type Impacts = Readonly<Record<string, Impact>>;
type Known = {
  readonly isPublic: boolean;
  /** Neither a test nor a drill. */
  readonly counts: boolean;
  readonly isOver: boolean;
  readonly phase: PublicStatus;
  readonly title?: string | undefined;
  readonly components: Impacts;
  /** How bad it was for each component before it was over. */
  readonly worst: Impacts;
  readonly updates: readonly PublicUpdate[];
};

const MAX_TITLE = 256;
const MAX_TEXT = 25_000;
const NOTHING: Known = {
  isPublic: false,
  counts: false,
  isOver: false,
  phase: 'investigating',
  components: {},
  worst: {},
  updates: [],
};
const PHASES: { readonly [type in TimelineEvent['type']]?: PublicStatus } = {
  'investigation.started': 'investigating',
  'cause.identified': 'identified',
  'incident.mitigated': 'monitoring',
};

/** What the public may know after `timeline`; `undefined` when that is nothing. Updates have the numbers of their events as ids. */
export function publicFacts(timeline: readonly TimelineEvent[], words: PublicWords): PublicFacts | undefined {
  const { isPublic, isOver, title, components, worst, updates } = timeline.reduce(
    (known, event) => after(known, event, words.local),
    NOTHING,
  );
  const last = updates.at(-1);
  if (last === undefined) return undefined;
  if (isPublic)
    return { title: title ?? words.pageTitle ?? neutralTitle(worst, words), status: last.status, components, updates };
  // What became private is not spoken of any more, but for its end.
  if (!isOver) return undefined;
  return { status: last.status, components, updates: [{ ...last, text: words.local.texts.publicResolvedText }] };
}

/** Whether `message` says anything to the public that it was not told up to event `seq`. */
export function tellsMoreThan(facts: Message['publicFacts'], seq: number): boolean {
  return Number(facts?.updates.at(-1)?.id ?? 0) > seq;
}

function after(known: Known, event: TimelineEvent, { texts }: LocalTexts): Known {
  switch (event.type) {
    case 'incident.opened': {
      const { visibility, kind = 'real' } = event;
      return { ...known, isPublic: visibility === 'public', counts: kind === 'real' || kind === 'backfilled' };
    }
    case 'incident.updated':
      return event.visibility === undefined ? known : { ...known, isPublic: event.visibility === 'public' };
    case 'alert.joined':
      return regressed(known);
    case 'incident.absorbed':
      return event.alerts.some(({ status }) => status === 'firing') ? regressed(known) : known;
    case 'incident.resolved':
    case 'incident.dismissed':
    case 'incident.merged':
      return neutral({ ...known, isOver: true }, event, { status: 'resolved', text: texts.publicResolvedText });
    case 'incident.reopened': {
      const open: Known = { ...known, isOver: false, phase: 'investigating' };
      if (!known.isPublic) return open;
      return neutral(open, event, { status: 'investigating', text: texts.publicReopenedText });
    }
    case 'update.posted':
      return known.isPublic && known.counts && event.audience === 'public' ? posted(known, event) : known;
    default:
      return { ...known, phase: PHASES[event.type] ?? known.phase };
  }
}

/** An alert that comes while the incident is only watched takes it back to the investigation. */
function regressed(known: Known): Known {
  return known.phase === 'monitoring' ? { ...known, phase: 'investigating' } : known;
}

/** What follows for people who were told something before, unless they know it already. */
function neutral(
  known: Known,
  { seq, at }: TimelineEvent,
  { status, text }: Pick<PublicUpdate, 'status' | 'text'>,
): Known {
  const last = known.updates.at(-1);
  if (last === undefined || last.status === status) return known;
  if (status === 'investigating' && last.status !== 'resolved') return known;
  const components = status === 'resolved' ? allWorking(known.components) : known.components;
  return { ...known, components, updates: [...known.updates, { id: String(seq), at, status, text }] };
}

function posted(known: Known, { seq, at, text, ...said }: EventOf<'update.posted'>): Known {
  const status = known.isOver ? 'resolved' : (said.status ?? known.phase);
  const before = status === 'resolved' ? allWorking(known.components) : known.components;
  const hit = Object.entries(said.components ?? {}).filter(([, impact]) => impact !== 'operational');
  return {
    ...known,
    title: said.title === undefined ? known.title : boundedLine(said.title, MAX_TITLE),
    components: { ...before, ...said.components },
    worst: { ...known.worst, ...Object.fromEntries(hit) },
    updates: [...known.updates, { id: String(seq), at, status, text: boundedText(text, MAX_TEXT) }],
  };
}

function allWorking(components: Impacts): Impacts {
  return Object.fromEntries(Object.keys(components).map((id) => [id, 'operational']));
}

/** The components that it hit the hardest, by the names that the public knows. */
function neutralTitle(worst: Impacts, { local: { texts }, componentName }: PublicWords): string {
  const named = Object.entries(worst).flatMap(([id, impact]) => {
    const name = componentName(id);
    return name === undefined ? [] : [{ name: boundedLine(name), impact }];
  });
  const hardest = IMPACTS.findLast((one) => named.some(({ impact }) => impact === one));
  if (hardest === undefined || hardest === 'operational') return texts.publicTitle;
  const names = {
    under_maintenance: texts.underMaintenance,
    degraded_performance: texts.degradedPerformance,
    partial_outage: texts.partialOutage,
    major_outage: texts.majorOutage,
  };
  const components = named.filter(({ impact }) => impact === hardest).map(({ name }) => name);
  return boundedLine(`${components.join(', ')}: ${names[hardest]}`, MAX_TITLE);
}
