/**
 * What a command is made from: its input, the facts of the incident, and what it may look at besides.
 *
 * Types only.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import type { CommandName } from '../core/lifecycle/allowed.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import type { Paging, Phase } from '../model/incident.ts';
import type { EventDraft } from '../model/timeline.ts';
import type { CheckedInput } from './input.ts';

/** What a command may look at. */
export type CommandWorld = {
  readonly config: CompiledConfig;
  readonly newId: () => string;
  readonly now: number;
  /** Where the paging of the incident stands. */
  readonly paging: Paging;
  readonly phase: Phase;
  /** How many events the incident has. */
  readonly seq: number;
};

/** The commands that concern one incident only. */
export type SingleCommand = Exclude<CommandName, 'merge'>;

/** What a command leaves in the timeline; nothing when it would change nothing. */
export type Builder<N extends SingleCommand> = (
  input: CheckedInput<N>,
  context: IncidentContext,
  world: CommandWorld,
) => EventDraft | undefined;
