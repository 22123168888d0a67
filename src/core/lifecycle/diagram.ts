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
type Leaving = { readonly label: string; readonly delayed: boolean; readonly targets: readonly Node[] };
type Arrow = { readonly from: string; readonly to: string; readonly label: string };

const INDENT = '  ';
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
export function diagram(region?: Region): string {
  const { root } = incidentMachine;
  if (region !== undefined) return ['stateDiagram-v2', ...states(root.states[region] as Node, 1)].join('\n');
  const regions = childrenOf(root).map((node) => composite(node, 2));
  const divided = regions.flatMap((lines, index) => (index === 0 ? lines : [`${INDENT.repeat(2)}--`, ...lines]));
  return ['stateDiagram-v2', `${INDENT}state "incident" as incident {`, ...divided, `${INDENT}}`].join('\n');
}

/** The inside of a region or composite state: its first state, its states, then the arrows between them. */
function states(parent: Node, depth: number): string[] {
  const pad = INDENT.repeat(depth);
  const children = childrenOf(parent);
  return [
    ...(parent.initial.target ?? []).map((first) => `${pad}[*] --> ${idOf(first)}`),
    ...children.flatMap((child) => declaration(child, depth)),
    ...merged(children.flatMap((child) => arrows(child, parent))).map(
      ({ from, to, label }) => `${pad}${from} --> ${to}: ${label}`,
    ),
  ];
}

function declaration(node: Node, depth: number): string[] {
  const pad = INDENT.repeat(depth);
  if (isChoice(node)) return [`${pad}state ${idOf(node)} <<choice>>`];
  if (node.type === 'compound') return composite(node, depth);
  const timers = leaving(node).filter(({ delayed, targets }) => delayed && targets.length === 0);
  return [`${pad}state "${node.key}" as ${idOf(node)}`, ...timers.map(({ label }) => `${pad}${idOf(node)}: ${label}`)];
}

function composite(node: Node, depth: number): string[] {
  const pad = INDENT.repeat(depth);
  return [`${pad}state "${node.key}" as ${idOf(node)} {`, ...states(node, depth + 1), `${pad}}`];
}

/** The arrows from `node` to a state beside it, be they its own, those of a state within it, or those of its parent. */
function arrows(node: Node, parent: Node): Arrow[] {
  const own = [node, ...descendants(node)].flatMap(leaving);
  const all = isChoice(node) ? own : [...own, ...leaving(parent)];
  return all.flatMap(({ label, targets }) =>
    targets
      .filter((target) => target.parent === parent)
      .map((target) => ({ from: idOf(node), to: idOf(target), label })),
  );
}

/** One arrow for all that leads from one state to another; what is said twice is said once. */
function merged(all: readonly Arrow[]): Arrow[] {
  const byEnds = new Map<string, { readonly arrow: Arrow; readonly labels: Set<string> }>();
  for (const arrow of all) {
    const ends = `${arrow.from} ${arrow.to}`;
    const known = byEnds.get(ends) ?? { arrow, labels: new Set() };
    byEnds.set(ends, { arrow, labels: known.labels.add(arrow.label) });
  }
  return [...byEnds.values()].map(({ arrow, labels }) => ({ ...arrow, label: [...labels].join('<br/>') }));
}

/** A state that is left as soon as it is entered, by the first guard that holds. */
function isChoice(node: Node): boolean {
  return (node.always ?? []).length > 0;
}

/** What leads out of a state or lets it stand, with its label; the candidates of one event in their order. */
function leaving(node: Node): Leaving[] {
  const byEvent = [['', node.always ?? []] as const, ...node.transitions.entries()];
  return byEvent.flatMap(([event, candidates]) =>
    candidates.map(({ guard, target }, index) => {
      const kind = AFTER.exec(event)?.[1];
      const condition = guard === undefined ? (index === 0 ? '' : ' [otherwise]') : ` [${guardName(guard)}]`;
      const label = `${kind === undefined ? event : `after ${kind}`}${condition}`.trim();
      return { label, delayed: kind !== undefined, targets: target ?? [] };
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
