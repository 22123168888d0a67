/**
 * Asking: whom a step asks, of those whom it names.
 *
 * A second opinion, written from the documents; it takes nothing from the code that it judges.
 */
import { namedAt, type Rung } from './tenants.ts';

/** Whose turn it was, and in which place they stood. */
export type Turn = { readonly place: number; readonly user: string };

type Given = {
  /** Who is on call. */
  readonly person: string;
  /** Who has answered already, and is not asked again. */
  readonly answered: ReadonlySet<string>;
  lastTurn(turns: string): Turn | undefined;
};

/** The people whom `rung` asks. */
export function askedAt(rung: Rung, { person, answered, lastTurn }: Given): readonly string[] {
  const named = namedAt(rung, person);
  if (rung.turns === undefined) return named.filter((user) => !answered.has(user));
  const last = lastTurn(rung.turns);
  const place = last === undefined ? -1 : named.indexOf(last.user);
  const first = last === undefined ? 0 : place < 0 ? last.place : place + 1;
  const inOrder = named.map((_, index) => named[(first + index) % named.length] ?? '');
  return inOrder.filter((user) => !answered.has(user)).slice(0, 1);
}
