/**
 * The emergency plan: whom to page while the storage is down, checked before anything runs.
 *
 * A plan that would reach nobody is found out now, not in an outage.
 */
import * as z from 'zod';
import { contactsOf } from '../core/paging/contacts.ts';
import { TocsinError } from '../errors.ts';
import { idSchema } from '../model/identity.ts';
import type { User } from '../model/user.ts';

const planSchema = z.strictObject({ users: z.array(idSchema).min(1).max(50), notifier: idSchema });

/** Whom to page, and through which notifier, while the storage is down. */
export type EmergencyPlan = { readonly users: readonly string[]; readonly notifier: string };

/**
 * Refuses a plan that could page nobody.
 *
 * @throws TocsinError INPUT_INVALID when it has no users or another shape, or a user has no contact of the notifier.
 */
export function checkEmergencyPlan(plan: unknown, users: ReadonlyMap<string, User>): void {
  if (plan === undefined) return;
  const parsed = planSchema.safeParse(plan);
  if (!parsed.success) {
    throw refused(
      parsed.error.issues.map(({ path, message }) => ({ path: ['emergency', ...path].join('.'), message })),
    );
  }
  const { notifier } = parsed.data;
  const problems = parsed.data.users.flatMap((id, index) => {
    const user = users.get(id);
    const path = `emergency.users.${index}`;
    if (user === undefined) return [{ path, message: `there is no user ${id} in the configuration` }];
    const hasContact = contactsOf(user).some((contact) => contact.notifier === notifier);
    return hasContact ? [] : [{ path, message: `${id} has no contact of notifier ${notifier}` }];
  });
  if (problems.length > 0) throw refused(problems);
}

function refused(problems: readonly { readonly path: string; readonly message: string }[]): TocsinError {
  const shown = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new TocsinError('INPUT_INVALID', `Cannot create Tocsin with this emergency plan: ${shown}.`, {
    details: { problems },
  });
}
