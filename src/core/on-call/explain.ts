/**
 * Explaining: why these people, and not others, are on call at a moment.
 *
 * It asks the very functions that answer; what an override or a swap does is found by leaving it out. Nothing here
 * decides anything.
 */
import { following, indexOfLastUpTo } from './handoffs.ts';
import type { Layer } from './layer.ts';
import type { Duty } from './resolve.ts';
import { placeOf, turnsIn } from './rotation.ts';
import type { Span } from './span.ts';
import { type Plan, sweep } from './sweep.ts';

/** What a layer contributes at a moment, and why. */
export type ExplainedLayer = {
  readonly layer: string;
  readonly priority: number;
  /**
   * `serving`: its people are on call, by its turn or because a layer beside it names them. `replaced`: overrides or swaps
   * have put others in their place, or taken them away. `hidden`: something above it serves instead. `nobody`: its turn is
   * deliberately nobody's. `closed`: its restrictions. `between`: the last shift has ended and the next has not begun.
   * `idle`: it does not serve yet, not any more, or has no participants.
   */
  readonly state: 'serving' | 'replaced' | 'hidden' | 'nobody' | 'closed' | 'between' | 'idle';
  /** The people whose turn it is, on call or not. */
  readonly users: readonly string[];
  /** The number of the handoff in force, from 0, and when it was. */
  readonly handoff?: number;
  readonly handedOffAt?: Date;
  readonly nextHandoffAt?: Date;
  /** The number of the turn, from 0: the handoffs that counted, by `handoffsPerTurn`. */
  readonly turn?: number;
  readonly why: string;
};

/** What an override or a swap that holds at a moment does. */
export type ExplainedChange = {
  readonly id: string;
  readonly kind: 'replace' | 'add' | 'remove' | 'swap';
  /** Who is on call because of it. */
  readonly added: readonly string[];
  /** Who is not on call because of it. */
  readonly removed: readonly string[];
  readonly why: string;
};

/** Who is on call at a moment and why, layer by layer, highest priority first. */
export type OnCallExplanation = {
  readonly at: Date;
  readonly onCall: readonly (Duty & { readonly why: string })[];
  readonly layers: readonly ExplainedLayer[];
  readonly changes: readonly ExplainedChange[];
};

/** Explains the moment `at` (epoch ms). */
export function explainMoment(at: number, plan: Plan): OnCallExplanation {
  const duties = dutiesAt(at, plan);
  const layers = plan.layers
    .toSorted((a, b) => b.priority - a.priority)
    .map((layer) => explainLayer(at, layer, { plan, duties }));
  const changes = [
    ...heldAt(at, plan.swaps).map((swap): ExplainedChange => {
      const without = { ...plan, swaps: plan.swaps.filter((one) => one !== swap) };
      const what = `swap ${swap.id}: ${swap.take} does the shifts of ${swap.give}`;
      return { id: swap.id, kind: 'swap', ...effectOf(at, plan, without, what + whereOf(swap)) };
    }),
    ...heldAt(at, plan.overrides).map((override): ExplainedChange => {
      const without = { ...plan, overrides: plan.overrides.filter((one) => one !== override) };
      const { id, kind, user, replaces } = override;
      const done = {
        replace: `${user} instead of ${replaces ?? 'everybody'}`,
        add: `${user} as well`,
        remove: `without ${user}`,
      };
      return { id, kind, ...effectOf(at, plan, without, `override ${id}: ${done[kind]}${whereOf(override)}`) };
    }),
  ];
  const onCall = duties.map((duty) => ({ ...duty, why: whyOf(duty, layers) }));
  return { at: new Date(at), onCall, layers, changes };
}

function dutiesAt(at: number, plan: Plan): readonly Duty[] {
  return sweep(plan, pointOf(at))[0]?.duties ?? [];
}

function pointOf(at: number): Span {
  return { startAt: at, endAt: at + 1 };
}

function heldAt<T extends Span>(at: number, items: readonly T[]): readonly T[] {
  return items.filter(({ startAt, endAt }) => startAt <= at && at < endAt);
}

function whereOf({ layer }: { readonly layer?: string | undefined }): string {
  return layer === undefined ? '' : ` in layer ${layer}`;
}

function effectOf(
  at: number,
  plan: Plan,
  without: Plan,
  what: string,
): Pick<ExplainedChange, 'added' | 'removed' | 'why'> {
  const [now, otherwise] = [plan, without].map((one) => dutiesAt(at, one).map(({ user }) => user));
  const added = (now ?? []).filter((user) => !otherwise?.includes(user));
  const removed = (otherwise ?? []).filter((user) => !now?.includes(user));
  const isIdle = added.length === 0 && removed.length === 0;
  return { added, removed, why: isIdle ? `${what}; it changes nothing at this moment` : what };
}

function explainLayer(at: number, layer: Layer, { plan, duties }: Answered): ExplainedLayer {
  const { id, priority, rotation, zone } = layer;
  const { timetable, service } = rotation;
  const index = indexOfLastUpTo(at, timetable);
  const base = { layer: id, priority };
  if (at < service.startAt || at >= service.endAt)
    return { ...base, state: 'idle', users: [], why: `layer ${id} serves ${boundsOf(service)}` };
  const wall = timetable.recurrence.at(index);
  const next = following(index, timetable);
  const nextHandoffAt = next === undefined ? {} : { nextHandoffAt: new Date(next.at) };
  if (wall === undefined)
    return { ...base, state: 'idle', users: [], ...nextHandoffAt, why: `layer ${id} has not handed off yet` };

  const handedOffAt = timetable.zone.toInstant(wall);
  const { turn, roster, place } = placeOf({ index, at: handedOffAt, wall }, rotation);
  const details = { handoff: index, handedOffAt: new Date(handedOffAt), ...nextHandoffAt, turn };
  const since = `handoff ${index} of layer ${id} (${new Date(zone.toWall(handedOffAt)).toISOString().slice(0, 16)} in ${zone.timeZone})`;
  const participant = roster.participants[place];
  const users = participant === null || participant === undefined ? [] : [participant].flat();
  const whose = `${since} begins turn ${turn}, that of participant ${place + 1} of ${roster.participants.length}`;
  if (participant === undefined)
    return { ...base, state: 'idle', users, ...details, why: `layer ${id} has no participants` };
  if (turnsIn(pointOf(at), rotation).length === 0)
    return { ...base, state: 'between', users, ...details, why: `the shift of ${since} has ended` };
  if (layer.opens?.(pointOf(at)).length === 0)
    return { ...base, state: 'closed', users, ...details, why: `the restrictions of layer ${id} are closed` };
  const above = aboveOf(at, layer, { plan, duties });
  if (participant === null && above.length === 0)
    return { ...base, state: 'nobody', users, ...details, why: `${whose}: deliberately nobody` };
  if (above.length > 0)
    return { ...base, state: 'hidden', users, ...details, why: `${whose}, hidden by ${above.join(', ')}` };
  const isServing = users.some((user) => duties.some((duty) => duty.user === user));
  if (isServing) return { ...base, state: 'serving', users, ...details, why: whose };
  return { ...base, state: 'replaced', users, ...details, why: `${whose}, changed by ${changesAt(at, plan, id)}` };
}

type Answered = { readonly plan: Plan; readonly duties: readonly Duty[] };

/** What serves above a layer, and so hides it. */
function aboveOf(at: number, layer: Layer, { plan, duties }: Answered): readonly string[] {
  const higher = new Set(plan.layers.filter((one) => one.priority > layer.priority).map(({ id }) => id));
  const names = duties.flatMap((duty) => {
    if (duty.layer !== undefined) return higher.has(duty.layer) ? [`layer ${duty.layer}`] : [];
    const isOpaque = plan.overrides.some(
      ({ id, kind, replaces }) => id === duty.id && kind === 'replace' && replaces === undefined,
    );
    return isOpaque ? [`override ${duty.id}`] : [];
  });
  if (names.length > 0 || duties.length > 0) return [...new Set(names)];
  // Nobody is on call: a layer that is deliberately nobody's may hide what lies below it.
  const hiding = plan.layers.find(
    (one) => higher.has(one.id) && one.turns(pointOf(at)).some(({ users }) => users.length === 0),
  );
  return hiding === undefined ? [] : [`layer ${hiding.id}`];
}

/** The overrides and swaps that hold at a moment and concern a layer. */
function changesAt(at: number, { overrides, swaps }: Plan, layer: string): string {
  const concerns = (one: { readonly layer?: string | undefined }) => one.layer === undefined || one.layer === layer;
  const names = [
    ...heldAt(at, swaps.filter(concerns)).map(({ id }) => `swap ${id}`),
    ...heldAt(at, overrides.filter(concerns)).map(({ id }) => `override ${id}`),
  ];
  return names.join(', ');
}

function boundsOf({ startAt, endAt }: Span): string {
  const from = Number.isFinite(startAt) ? [`from ${new Date(startAt).toISOString()}`] : [];
  const until = Number.isFinite(endAt) ? [`until ${new Date(endAt).toISOString()}`] : [];
  return [...from, ...until].join(' ');
}

function whyOf({ user, source, id, layer }: Duty, layers: readonly ExplainedLayer[]): string {
  const turn = layers.find((explained) => explained.layer === layer)?.why;
  if (source === 'rotation') return `${user}: ${turn ?? `layer ${id}`}`;
  const instead = turn === undefined ? '' : `; ${turn}`;
  return `${user} by ${source} ${id}${instead}`;
}
