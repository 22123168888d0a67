/**
 * Updates as commands: what people post, draft, approve and discard, and what is refused.
 *
 * Pure. What is private, or only a trial, is never said to the public; what needs approval never goes out by its author alone.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { TocsinError } from '../errors.ts';
import { type Actor, actorName } from '../model/identity.ts';
import type { Audience } from '../model/status.ts';
import type { EventDraft } from '../model/timeline.ts';
import type { KeptDraft } from '../model/updates.ts';
import { actorOf, type CheckedInput } from './input.ts';

type World = { readonly config: CompiledConfig; readonly newId: () => string };

/** So many drafts of one incident are more than anybody looks at. */
const MOST_DRAFTS = 100;

/**
 * The update as it is posted.
 *
 * @throws TocsinError UPDATE_NEEDS_APPROVAL when its audience hears of nothing that only its author has seen.
 */
export function postedUpdate(
  { by: _, ...update }: CheckedInput<'postUpdate'>,
  context: IncidentContext,
  { config }: World,
): EventDraft {
  const { audience } = update;
  refuseAudience('post', audience, context);
  refuseUnknownComponents('postUpdate', update.components, config);
  if (config.config.updates.approval[audience])
    throw needsApproval(
      'draft',
      `Cannot post ${audience} updates of incident ${context.id} at once: they need somebody else's approval. Draft it with \`draftUpdate\`, and let somebody else \`approveUpdate\` it.`,
      { incident: context.id, audience },
    );
  return { type: 'update.posted', ...wordsOf(update) };
}

/** The update as a draft. */
export function draftedUpdate(
  { by: _, ...update }: CheckedInput<'draftUpdate'>,
  context: IncidentContext,
  { config, newId }: World,
): EventDraft {
  refuseAudience('draft', update.audience, context);
  refuseUnknownComponents('draftUpdate', update.components, config);
  if (context.drafts.length >= MOST_DRAFTS) {
    const message = `there are ${MOST_DRAFTS} drafts already, which is the most; approve or discard some`;
    throw new TocsinError('INPUT_INVALID', `Cannot draft an update of incident ${context.id}: ${message}.`, {
      details: { command: 'draftUpdate', problems: [{ path: 'text', message }] },
    });
  }
  return { type: 'update.drafted', draft: { id: newId(), ...wordsOf(update) } };
}

/**
 * A draft as it is posted.
 *
 * @throws TocsinError UPDATE_NEEDS_APPROVAL when whoever approves wrote it, is nobody in person, or is not named as somebody who may.
 */
export function approvedUpdate(
  { by: who, draft: id }: CheckedInput<'approveUpdate'>,
  context: IncidentContext,
  { config }: World,
): EventDraft {
  const by = actorOf(who);
  const { by: author, at: _, id: __, ...update } = draftOf(id, context);
  refuseAudience('approve', update.audience, context);
  refuseUnknownComponents('approveUpdate', update.components, config);
  refuseApprover(by, { author, audience: update.audience }, context, config);
  const isOwn = by.kind === author.kind && actorName(by) === actorName(author);
  return { type: 'update.posted', ...update, draft: id, ...(!isOwn && { author }) };
}

/** A draft as it is discarded. */
export function discardedUpdate({ draft }: CheckedInput<'discardUpdate'>, context: IncidentContext): EventDraft {
  return { type: 'update.discarded', draft: draftOf(draft, context).id };
}

function refuseApprover(
  by: Actor,
  { author, audience }: { readonly author: Actor; readonly audience: Audience },
  context: IncidentContext,
  { config }: CompiledConfig,
): void {
  const { approval } = config.updates;
  if (!approval[audience]) return;
  const facts = { incident: context.id, audience };
  if (by.kind !== 'user')
    throw needsApproval('person', `Cannot approve an ${audience} update: a person has to, as \`by\`.`, facts);
  if (author.kind === 'user' && author.id === by.id)
    throw needsApproval(
      'author',
      `Cannot approve this ${audience} update: ${by.id} wrote it, and somebody else has to look at it.`,
      facts,
    );
  const named = approval.by;
  if (named === undefined) return;
  const holds = named.roles.some((role) => Object.hasOwn(context.roles, role) && context.roles[role] === by.id);
  if (holds || named.users.includes(by.id)) return;
  const who = [...named.users, ...named.roles.map((role) => `whoever is ${role}`)].slice(0, 8).join(', ') || 'nobody';
  throw needsApproval(
    'approver',
    `Cannot approve this ${audience} update: ${by.id} is none of those who may. They are: ${who}.`,
    facts,
  );
}

/** What is private is known to nobody else, and of a trial nobody outside has to hear. */
function refuseAudience(doing: string, audience: Audience, { id, visibility, kind }: IncidentContext): void {
  if (audience === 'internal') return;
  const why = visibility === 'private' ? 'private' : kind === 'test' || kind === 'drill' ? kind : undefined;
  if (why === undefined) return;
  const is = why === 'private' ? 'it is private' : `it is a ${why}`;
  throw new TocsinError(
    'AUDIENCE_REFUSED',
    `Cannot ${doing} a public update of incident ${id}: ${is}. Post an internal one${why === 'private' ? ', or make it public first with `update`' : ''}.`,
    { details: { incident: id, audience, why } },
  );
}

/** Refuses components that the configuration does not have; `doing` names the command. */
export function refuseUnknownComponents(
  doing: string,
  components: Readonly<Record<string, unknown>> | readonly string[] | undefined,
  { config }: { readonly config: { readonly status: Pick<CompiledConfig['config']['status'], 'components'> } },
): void {
  if (components === undefined) return;
  const known = config.status.components.map(({ id }) => id);
  const missing = (Array.isArray(components) ? components : Object.keys(components)).filter(
    (id) => !known.includes(id),
  );
  if (missing.length === 0) return;
  const some = known.slice(0, 8).join(', ') || 'none';
  throw new TocsinError(
    'REFERENCE_UNKNOWN',
    `Cannot ${doing} about component ${missing.slice(0, 8).join(', ')}: there is none of that name. Known: ${some}.`,
    { details: { component: missing[0], known: known.slice(0, 100) } },
  );
}

function draftOf(id: string, { id: incident, drafts }: IncidentContext): KeptDraft {
  const found = drafts.find((draft) => draft.id === id);
  if (found !== undefined) return found;
  const known = drafts.map((draft) => draft.id);
  throw new TocsinError(
    'REFERENCE_UNKNOWN',
    `Cannot use draft ${id} of incident ${incident}: none of that id waits. Waiting: ${known.slice(0, 8).join(', ') || 'none'}.`,
    { details: { draft: id, known } },
  );
}

function wordsOf({ text, audience, title, status, components }: Omit<CheckedInput<'postUpdate'>, 'by'>) {
  return {
    text,
    audience,
    ...(title !== undefined && { title }),
    ...(status !== undefined && { status }),
    ...(components !== undefined && { components }),
  };
}

function needsApproval(
  why: 'draft' | 'person' | 'author' | 'approver',
  message: string,
  facts: Readonly<Record<string, unknown>>,
): TocsinError {
  return new TocsinError('UPDATE_NEEDS_APPROVAL', message, { details: { why, ...facts } });
}
