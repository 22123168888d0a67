/**
 * Commands of reviews: check, build one event or one edit, settle, commit.
 *
 * How far a review is, is the statechart's alone. An event and what it changes in the text are one commit, and every such
 * commit writes the document, so that no edit that was begun before lands after it.
 */
import {
  allowedForReview,
  REVIEW_EVENTS,
  type ReviewCommand,
  type ReviewStep,
} from '../core/lifecycle/allowed-review.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { builtSections, missingSections, templateFor } from '../core/review/templates.ts';
import { begunReview, editedReview, isSameActor, publishedReview, type Stroke } from '../core/review/written-review.ts';
import { TocsinError } from '../errors.ts';
import type { Actor } from '../model/identity.ts';
import type { StoredReview } from '../model/review.ts';
import type { EventDraft } from '../model/timeline.ts';
import { knownActionItemsOf } from './action-items-reads.ts';
import { authorize } from './authorize.ts';
import { changeOf, NO_CHANGE } from './change.ts';
import { defined } from './command-checks.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkId, checkShape } from './input.ts';
import { knownEdit, REVIEW_INPUTS, refuseTooMuch } from './review-input.ts';
import { type Kept, surroundingsToKeep } from './review-surroundings.ts';
import { reviewChange, reviewIn, reviewKey } from './reviews-document.ts';
import { settleFor } from './settle-for.ts';
import { stored } from './stored-incident.ts';
import { type Decided, transact } from './transact.ts';

/** The review of which incident, of which tenant. */
export type ReviewOf = { readonly tenant: string; readonly id: string };

/** What a review is decided on. */
type World = {
  readonly loaded: Decidable;
  readonly snapshot: IncidentSnapshot;
  readonly review: StoredReview | undefined;
  readonly stroke: Stroke;
};

/** Takes the review one step on. */
export async function stepReview(engine: Engine, of: ReviewOf, step: ReviewStep, input: unknown): Promise<void> {
  const { by, reason } = checked(step, of, input);
  await authorize(engine, by, `reviews.${step}`, { tenant: of.tenant, incidentId: of.id });
  // Action items never go: what is counted before the decision is there at it.
  const isChecked = step === 'submit' || step === 'publish';
  const actionItems = isChecked ? await countActionItems(engine, of) : 0;
  const around = step === 'publish' ? await surroundingsToKeep(engine, of) : undefined;
  const draft: EventDraft =
    step === 'return' || step === 'waive'
      ? { type: REVIEW_EVENTS[step], ...defined({ reason }) }
      : { type: REVIEW_EVENTS[step] };
  await decide(engine, of, { command: step, by }, (world) => {
    const { loaded, snapshot, review = begun(world), stroke } = world;
    if (isChecked) refuseIncomplete(step, review, actionItems);
    if (step === 'publish') refuseUnapproved(by, review, world);
    const settled = settleFor(loaded, { snapshot, drafts: [draft], by, at: loaded.now });
    if (step === 'waive') return { settled, review: world.review };
    return { settled, review: after(review, { step, seq: snapshot.seq + 1, stroke, around }) };
  });
}

/** Writes into the review. */
export async function editReview(engine: Engine, of: ReviewOf, input: unknown): Promise<void> {
  checkId(of.id, 'edit the review of');
  const { by: who, ...given } = checkShape('edit a review', REVIEW_INPUTS.edit, input);
  const by = actorOf(who);
  await authorize(engine, by, 'reviews.edit', { tenant: of.tenant, incidentId: of.id });
  await decide(engine, of, { command: 'edit', by }, (world) => {
    const { review = begun(world), stroke, loaded } = world;
    const { categories } = loaded.config.config.reviews;
    const edited = editedReview(review, knownEdit(given, review, { categories, newId: engine.ids }), stroke);
    if (edited === review) return {};
    refuseTooMuch(edited);
    return { review: edited };
  });
}

async function countActionItems(engine: Engine, { tenant, id }: ReviewOf): Promise<number> {
  await engine.ready();
  return (await knownActionItemsOf(engine, tenant, id)).length;
}

function checked(step: ReviewStep, { id }: ReviewOf, input: unknown): { by: Actor; reason?: string | undefined } {
  checkId(id, `${step} the review of`);
  const { by, ...rest } = checkShape(`${step} a review`, REVIEW_INPUTS[step], input);
  return { by: actorOf(by), ...rest };
}

/** What was decided: the incident after it, and the text after it. */
type Made = { readonly settled?: ReturnType<typeof settleFor>; readonly review?: StoredReview | undefined };

async function decide(
  engine: Engine,
  { tenant, id }: ReviewOf,
  { command, by }: { readonly command: ReviewCommand; readonly by: Actor },
  make: (world: World) => Made,
): Promise<void> {
  await transact(engine, { tenant, incidents: [id], documents: [reviewKey(id)] }, (loaded): Decided<void> => {
    const before = stored(loaded, id, `${command} the review of`);
    refuseUnlessAllowed(before.snapshot, command);
    const { review, version } = reviewIn(loaded.documents, id);
    const stroke = { at: loaded.now, by };
    const made = make({ loaded, snapshot: before.snapshot, review, stroke });
    const documents = made.review === undefined ? [] : [reviewChange(made.review, version)];
    if (made.settled === undefined && documents.length === 0) return { answer: () => undefined };
    const change = made.settled === undefined ? NO_CHANGE : changeOf(tenant, before, made.settled);
    return { change: { ...change, documents }, answer: () => undefined };
  });
}

type Stepping = {
  readonly step: ReviewStep;
  /** Of the event of the step. */
  readonly seq: number;
  readonly stroke: Stroke;
  /** Of what is published. */
  readonly around: Kept | undefined;
};

/** The text after a step. Asking for a review, or giving it back, leaves the text to whoever writes it. */
function after(review: StoredReview, { step, seq, stroke, around }: Stepping): StoredReview | undefined {
  if (step === 'request' || step === 'return') return undefined;
  return around === undefined ? review : publishedReview(review, seq, { ...stroke, ...around });
}

/** The review as it begins: with the template that fits the incident now. */
function begun({ loaded, snapshot, stroke }: Omit<World, 'review'>): StoredReview {
  return begunReview(snapshot.context.id, templateFor(loaded.config, snapshot.context), stroke);
}

function refuseUnlessAllowed(snapshot: IncidentSnapshot, command: ReviewCommand): void {
  const commands = allowedForReview(snapshot);
  if (commands.includes(command)) return;
  const { phase, review } = snapshot.value;
  throw new TocsinError(
    'INVALID_TRANSITION',
    `Cannot ${command} the review of incident ${snapshot.context.id}: it is ${phase}, and its review is ${review}. Allowed now: ${commands.join(', ') || 'nothing'}.`,
    {
      details: {
        incident: snapshot.context.id,
        command: `reviews.${command}`,
        state: snapshot.value,
        allowed: commands,
      },
    },
  );
}

function refuseIncomplete(
  step: ReviewStep,
  { incidentId, template, content }: StoredReview,
  actionItems: number,
): void {
  const sections = builtSections(template, content, (text) => text);
  const missing = missingSections(sections, { factors: content.factors.length, actionItems });
  if (missing.length === 0) return;
  const named = sections.filter(({ id }) => missing.includes(id)).map(({ id, title }) => `${title} (${id})`);
  throw new TocsinError(
    'REVIEW_INCOMPLETE',
    `Cannot ${step} the review of incident ${incidentId}: nobody has written ${named.join(', ')} yet. Write it with \`reviews.edit\`; action items are added with \`reviews.actionItems.add\`.`,
    { details: { incident: incidentId, command: `reviews.${step}`, missing } },
  );
}

/** Somebody else has to look at it before it is published, where the configuration says so. */
function refuseUnapproved(by: Actor, { incidentId, authors }: StoredReview, { loaded, snapshot }: World): void {
  if (loaded.config.config.reviews.approval === 'none') return;
  if (snapshot.value.review !== 'inReview')
    throw needsApproval('submit', incidentId, 'it was not handed in. Hand it in with `reviews.submit` first');
  if (by.kind !== 'user') throw needsApproval('person', incidentId, 'a person has to, as `by`');
  if (authors.some((author) => isSameActor(author, by)))
    throw needsApproval('author', incidentId, `${by.id} has written in it, and somebody else has to look at it`);
}

function needsApproval(why: 'submit' | 'person' | 'author', incident: string, message: string): TocsinError {
  return new TocsinError('REVIEW_NEEDS_APPROVAL', `Cannot publish the review of incident ${incident}: ${message}.`, {
    details: { why, incident },
  });
}
