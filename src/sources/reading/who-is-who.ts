/**
 * Who is who on another platform: which of its people are ours, and under what names we act there ourselves.
 *
 * Pure. It never guesses: who is not listed is nobody.
 */
import * as z from 'zod';
import { TocsinError } from '../../errors.ts';
import { idSchema } from '../../model/identity.ts';

/** Our people by what they are called there, and what we are called there. */
export type WhoIsWho = { readonly users: ReadonlyMap<string, string>; readonly ours: ReadonlySet<string> };

// Some platforms name people by their e-mail addresses, which may be this long.
const name = z.string().min(1).max(320);
const optionsSchema = z.strictObject({
  users: z.record(name, idSchema).optional(),
  ours: z.array(name).max(100).optional(),
});

/**
 * The options `users` and `ours` of a source for the webhooks of `platform`.
 *
 * @throws TocsinError INPUT_INVALID when one of `users` is no id, a name is malformed, or an option is not known.
 */
export function readWhoIsWho(platform: string, options: unknown): WhoIsWho {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) {
    const { users = {}, ours = [] } = parsed.data;
    return { users: new Map(Object.entries(users)), ours: new Set(ours) };
  }
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: `/${path.join('/')}`, message }));
  const found = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new TocsinError('INPUT_INVALID', `Cannot make a source for ${platform} webhooks: ${found}.`, {
    details: { problems },
  });
}
