/**
 * The diagram: the statechart drawn from the machine itself, as Mermaid `stateDiagram-v2`.
 *
 * It draws what the machine says and nothing else, so that no picture can disagree with it. An event that leaves a
 * region where it is has no arrow; a timer that does so is written into its state.
 */
import { incidentMachine } from './machine.ts';
import type { StateValue } from './snapshot.ts';

/** One of the regions of the statechart, which run beside each other. */
export type Region = keyof StateValue;

type Node = typeof incidentMachine.root;
type Leaving = {
  readonly event: string;
  readonly guard: string;
  readonly delayed: boolean;
  readonly targets: readonly Node[];
};

/** How much is drawn. */
export type DiagramOptions = {
  /**
   * Leaves out the guards and the insides of states, and writes what leads to a state from three states or more into
   * that state. Default false.
   */
  readonly gist?: boolean;
};

type Arrow = { readonly from: string; readonly to: string; readonly event: string; readonly guard: string };

const INDENT = '  ';
const MANY = 3;
const AFTER = /^xstate\.after\.([^.]+)\./;

/**
 * The statechart as Mermaid `stateDiagram-v2`: one region, or all of them in one picture, divided by `--`.
 *
 * A label is the event, `after` with the kind of a timer, or `~` with the name of a signal from another region; its
 * guard stands in brackets. A diamond chooses by its guards, from the first to the last. An arrow that would cross
 * the border of a composite state starts at that border.
 *
 * @example
 * ```ts
 * import { diagram } from 'tocsin/lifecycle';
 * diagram('phase').split('\n')[0]; // => 'stateDiagram-v2'
 * diagram('phase').includes('phase_resolved --> phase_closed: incident.closed'); // => true
 * ```
 */
export function diagram(region?: Region, options: DiagramOptions = {}): string {
  const { root } = incidentMachine;
  const { gist = false } = options;
  if (region !== undefined) return ['stateDiagram-v2', ...states(root.states[region] as Node, 1, gist)].join('\n');
  const regions = childrenOf(root).map((node) => composite(node, 2, gist));
  const divided = regions.flatMap((lines, index) => (index === 0 ? lines : [`${INDENT.repeat(2)}--`, ...lines]));
  return ['stateDiagram-v2', `${INDENT}state "incident" as incident {`, ...divided, `${INDENT}}`].join('\n');
}

/** The inside of a region or composite state: its first state, its states, then the arrows between them. */
function states(parent: Node, depth: number, gist: boolean): string[] {
  const pad = INDENT.repeat(depth);
  const children = childrenOf(parent);
  const all = children.flatMap((child) => arrows(child, parent));
  const shared = gist ? all.filter((arrow) => sources(arrow, all).size >= MANY) : [];
  const drawn = all.filter((arrow) => !shared.includes(arrow));
  const notes = [...new Set(shared.map(({ to }) => to))].map((state) => {
    const events = new Set(shared.filter(({ to }) => to === state).map(({ event }) => event));
    return `${pad}${state}: from elsewhere<br/>${[...events].join('<br/>')}`;
  });
  return [
    ...children.flatMap((child) => declaration(child, depth, gist)),
    ...(parent.initial.target ?? []).map((first) => `${pad}[*] --> ${idOf(first)}`),
    ...notes,
    ...merged(drawn, gist).map(({ from, to, label }) => `${pad}${from} --> ${to}: ${label}`),
  ];
}

/** From how many states the event of an arrow leads where the arrow leads. */
function sources({ to, event }: Arrow, all: readonly Arrow[]): ReadonlySet<string> {
  return new Set(all.filter((other) => other.to === to && other.event === event).map(({ from }) => from));
}

function declaration(node: Node, depth: number, gist: boolean): string[] {
  const pad = INDENT.repeat(depth);
  if (isChoice(node)) return [`${pad}state ${idOf(node)} <<choice>>`];
  if (node.type === 'compound' && !gist) return composite(node, depth, gist);
  const timers = [node, ...descendants(node)]
    .flatMap(leaving)
    .filter(({ delayed, targets }) => delayed && targets.length === 0);
  return [
    `${pad}state "${node.key}" as ${idOf(node)}`,
    ...timers.map((timer) => `${pad}${idOf(node)}: ${labelOf(timer, gist)}`),
  ];
}

function composite(node: Node, depth: number, gist: boolean): string[] {
  const pad = INDENT.repeat(depth);
  return [`${pad}state "${node.key}" as ${idOf(node)} {`, ...states(node, depth + 1, gist), `${pad}}`];
}

/** The arrows from `node` to a state beside it, be they its own, those of a state within it, or those of its parent. */
function arrows(node: Node, parent: Node): Arrow[] {
  const own = [node, ...descendants(node)].flatMap(leaving);
  const all = isChoice(node) ? own : [...own, ...leaving(parent)];
  return all.flatMap(({ event, guard, targets }) =>
    targets
      .filter((target) => target.parent === parent)
      .map((target) => ({ from: idOf(node), to: idOf(target), event, guard })),
  );
}

/** One arrow for all that leads from one state to another; what is said twice is said once. */
function merged(all: readonly Arrow[], gist: boolean): { from: string; to: string; label: string }[] {
  const byEnds = new Map<string, { readonly arrow: Arrow; readonly labels: Set<string> }>();
  for (const arrow of all) {
    const ends = `${arrow.from} ${arrow.to}`;
    const known = byEnds.get(ends) ?? { arrow, labels: new Set() };
    byEnds.set(ends, { arrow, labels: known.labels.add(labelOf(arrow, gist)) });
  }
  return [...byEnds.values()].map(({ arrow: { from, to }, labels }) => ({
    from,
    to,
    label: [...labels].join('<br/>'),
  }));
}

/** The choices of a diamond keep their guards: without them they would say nothing. */
function labelOf({ event, guard }: Pick<Arrow, 'event' | 'guard'>, gist: boolean): string {
  return gist && event !== '' ? event : `${event} ${guard}`.trim();
}

/** A state that is left as soon as it is entered, by the first guard that holds. */
function isChoice(node: Node): boolean {
  return (node.always ?? []).length > 0;
}

/** What leads out of a state or lets it stand; the candidates of one event in their order. */
function leaving(node: Node): Leaving[] {
  const byEvent = [['', node.always ?? []] as const, ...node.transitions.entries()];
  return byEvent.flatMap(([event, candidates]) =>
    candidates.map(({ guard, target }, index) => {
      const kind = AFTER.exec(event)?.[1];
      return {
        event: kind === undefined ? event : `after ${kind}`,
        guard: guard === undefined ? (index === 0 ? '' : '[otherwise]') : `[${guardName(guard)}]`,
        delayed: kind !== undefined,
        targets: target ?? [],
      };
    }),
  );
}

function descendants(node: Node): Node[] {
  return childrenOf(node).flatMap((child) => [child, ...descendants(child)]);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node.states) as Node[];
}

function guardName(guard: unknown): string {
  return typeof guard === 'string' ? guard : (guard as { readonly type: string }).type;
}

/** `#incident.phase.triage` is `phase_triage`: unique in the picture, and one word to Mermaid. */
function idOf(node: Node): string {
  return node.path.join('_');
}
