/**
 * Redeeming: what follows when somebody presses a signed link or button.
 *
 * A token is taken once, in the commit of what it does. Looking at one changes nothing, so that whatever opens links in
 * mails unasked does no harm.
 */
import * as z from 'zod';
import { isAllowed } from '../core/lifecycle/allowed.ts';
import { incidentView } from '../core/lifecycle/view.ts';
import { textsFor } from '../core/paging/message-texts.ts';
import { TocsinError } from '../errors.ts';
import type { ActionClaims, TokenAction } from '../model/action.ts';
import { type Actor, idSchema } from '../model/identity.ts';
import type { Incident } from '../model/incident.ts';
import { type Once, runCommandOnce } from './commands.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkShape } from './input.ts';
import { personOf } from './people.ts';
import { type AnswerFrom, answerFrom, personBehind } from './person-behind.ts';
import { refusedAnswer } from './refused-answer.ts';
import { transact } from './transact.ts';

/** Who presses, and what is expected of the token. */
export type RedeemOptions = {
  /** A person, when the host knows who it is. Default: whoever the token was sent to. */
  readonly by?: string | undefined;
  /** Where the press comes from, when a channel says who pressed: the person with that contact. */
  readonly from?: AnswerFrom | undefined;
  /** The incident that it has to be about. */
  readonly incident?: string | undefined;
};

/** What was done. */
export type Answered = {
  readonly action: TokenAction;
  /** Who did it. */
  readonly user: string;
  readonly incident: Incident;
};

/** What a token would do. */
export type ActionPreview = {
  readonly action: TokenAction;
  /** What it is called in the language of whoever it was sent to. */
  readonly label: string;
  readonly locale: string;
  /** Whoever it was sent to, if to a person. */
  readonly user: string | undefined;
  readonly incident: Incident;
  /** Whether it can be done now: it was not used, and the incident still takes it. */
  readonly isOpen: boolean;
};

const SNOOZE = '1h';
/** The kind of the slots that used tokens take. */
const KIND = 'action';

const optionsSchema = z.strictObject({
  by: idSchema.optional(),
  from: answerFrom.optional(),
  incident: idSchema.optional(),
});

/** Does what the token says. */
export async function redeem(
  engine: Engine,
  tenant: string,
  token: unknown,
  options: RedeemOptions,
): Promise<Answered> {
  const { by, from, incident } = checkShape('redeem', optionsSchema, options);
  await engine.ready();
  const claims = readClaims(engine, tenant, token);
  const { action, incident: id } = claims;
  const tried = { tenant, action, incidentId: id, ...(from !== undefined && { notifier: from.notifier }) };
  if (incident !== undefined && incident !== id) throw refusedAnswer(engine, 'foreign', tried);
  const user = by ?? (from === undefined ? claims.user : await personBehind(engine, tenant, from));
  if (user === undefined || (by === undefined && !(await isKnown(engine, tenant, user))))
    throw refusedAnswer(engine, 'unknown-person', tried);
  const once: Once = {
    slot: slotOf(claims),
    until: claims.expiresAt,
    check({ isTaken, now }) {
      if (now >= claims.expiresAt) throw refusedAnswer(engine, 'expired', { ...tried, user });
      if (isTaken) throw refusedAnswer(engine, 'used', { ...tried, user });
    },
  };
  const done = await runCommandOnce(engine, { tenant, name: action, id }, inputOf(action, user), once);
  return { action, user, incident: done };
}

/** What the token would do; nothing is changed by looking. */
export async function peek(engine: Engine, tenant: string, token: unknown): Promise<ActionPreview> {
  await engine.ready();
  const claims = readClaims(engine, tenant, token);
  const { action, incident: id, user } = claims;
  const slot = slotOf(claims);
  const { now, found, isUsed } = await transact(engine, { tenant, incidents: [id], slots: [slot] }, (loaded) => {
    const answer = { now: loaded.now, found: loaded.incidents[0], isUsed: loaded.slots.length > 0 };
    return { answer: () => answer };
  });
  const tried = { tenant, action, incidentId: id, ...(user !== undefined && { user }) };
  if (now >= claims.expiresAt || found === undefined) throw refusedAnswer(engine, 'expired', tried);
  const person = user === undefined ? undefined : personOf(engine, tenant, user);
  const { locale, texts } = textsFor(person?.locale, engine.words.texts);
  const isOpen = !isUsed && isAllowed(found.snapshot, action);
  const label = texts[action];
  return { action, label, locale, user, incident: incidentView(found.snapshot, found), isOpen };
}

/** Whoever is gone answers nothing more, whatever they were sent. */
async function isKnown(engine: Engine, tenant: string, user: string): Promise<boolean> {
  if (personOf(engine, tenant, user) === undefined) await engine.people?.fetch(tenant, [user]);
  return personOf(engine, tenant, user) !== undefined;
}

/** What a command needs beside who gives it. */
export function inputOf(action: TokenAction, user: string): { readonly by: Actor; readonly for?: string } {
  return { by: actorOf(user), ...(action === 'snooze' && { for: SNOOZE }) };
}

function slotOf({ incident, id }: ActionClaims) {
  return { kind: KIND, key: JSON.stringify([incident, id]) };
}

/** Its moment is looked at when the clock of the storage is known. */
function readClaims(engine: Engine, tenant: string, token: unknown): ActionClaims {
  if (engine.actionTokens === undefined) throw withoutSecrets();
  const outcome = engine.actionTokens.read(token, 0);
  if (!outcome.ok) throw refusedAnswer(engine, outcome.code, { tenant });
  // Of what another tenant was sent nothing is told.
  if (outcome.claims.tenant !== tenant) throw refusedAnswer(engine, 'foreign', { tenant });
  return outcome.claims;
}

function withoutSecrets(): TocsinError {
  const message = 'give createTocsin `secrets`, the same as when the message was sent';
  return new TocsinError('INPUT_INVALID', `Cannot read a token: ${message}.`, {
    details: { problems: [{ path: 'secrets', message }] },
  });
}
