/**
 * The oracle: which pages an incident owes to whom, and when, from what people and sources did and from the policy.
 *
 * A second opinion, written from the documents. It knows no statechart and takes nothing from the code that it judges:
 * of a timeline it believes only what people and sources said; everything else must be what it demands.
 */
import type { TimelineEvent } from '../../src/index.ts';
import { askedOf, type Policy, type Rung } from './tenants.ts';

/** Why a page is owed. */
export type Purpose = 'step' | 'fallback' | 'reminder' | 'notice' | 'handoff';

/** A page that was requested, and whether somebody still waits for it. */
export type OwedPage = {
  readonly seq: number;
  readonly at: number;
  readonly purpose: Purpose;
  readonly users: ReadonlySet<string>;
  readonly isHigh: boolean;
  isLive: boolean;
};

/** What the oracle has to be told about the world. */
export type OracleWorld = {
  readonly clearMs: number;
  readonly reminderMs: number;
  /** Who is on call at a moment, by what was stored before. */
  onCallAt(at: number): string;
  /** Whether what is stored about that changed at this very moment: then both answers are right. */
  isOpen(at: number): boolean;
  /** The policy that was carried into the incident, out of those that there have been. */
  policyOf(
    event: Extract<TimelineEvent, { type: 'incident.opened' | 'incident.reassigned' }>,
    before?: Policy,
  ): Policy | undefined;
  /** Whether every attempt to reach the people of a page was refused for good. */
  hasFailed(page: number): boolean;
  complain(invariant: string, text: string): void;
};

/** One incident, as it should be. */
export type Oracle = {
  apply(event: TimelineEvent): void;
  /** To be called at the end of each commit: whatever was demanded is there. */
  conclude(): void;
  /** When each timer is due (epoch ms). */
  readonly timers: ReadonlyMap<string, number>;
  readonly pages: ReadonlyMap<number, OwedPage>;
  isOpen(): boolean;
  /** Whoever is on call at `at`, when nobody has asked them though the incident stands where they should be. */
  unasked(at: number): string | undefined;
};

type Demand = {
  readonly type: TimelineEvent['type'];
  readonly purpose?: Purpose;
  readonly users?: ReadonlySet<string>;
};

const REOPEN_WINDOW_MS = 7 * 86_400_000;
const RANKS = ['SEV1', 'SEV2', 'SEV3'];
const PAGING_TIMERS = ['step', 'fallback', 'acknowledgeTimeout', 'snooze', 'reminder'];

/** The oracle of an incident that has no events yet. */
export function createOracle(world: OracleWorld): Oracle {
  const timers = new Map<string, number>();
  const pages = new Map<number, OwedPage>();
  const alerts = new Map<string, 'firing' | 'cleared'>();
  const responders = new Set<string>();
  const demands: Demand[] = [];
  let policy: Policy | undefined;
  let acknowledgedBy = new Set<string>();
  let askAgain = new Set<string>();
  let asked = new Set<string>();
  let severity = '';
  let phase: 'open' | 'monitoring' | 'resolved' | 'closed' = 'open';
  let paging: 'escalating' | 'exhausted' | 'acknowledged' | 'snoozed' | 'notified' | 'quiet' = 'quiet';
  let alertsState: 'none' | 'firing' | 'clearing' | 'clear' = 'none';
  let position = { cycle: 0, loop: 0, step: 0 };
  let isAllClear = false;
  let hasPersonActed = false;
  let expiresAt = 0;
  let seq = 0;
  let at = 0;

  const isHigh = () => severity !== 'SEV3';
  const rungs = (): readonly Rung[] => policy?.rungs ?? [];
  const arm = (kind: string, ms: number) => void timers.set(kind, at + ms);
  const stand = (state: typeof paging) => {
    for (const kind of PAGING_TIMERS) timers.delete(kind);
    paging = state;
  };
  const withdraw = (purpose?: Purpose) => {
    for (const page of pages.values()) if (purpose === undefined || page.purpose === purpose) page.isLive = false;
  };
  const demand = (wanted: Demand) => void demands.unshift(wanted);
  const askRung = (purpose: 'step' | 'reminder') => {
    const rung = rungs()[position.step - 1];
    const wanted = rung === undefined ? [] : askedOf(rung, world.onCallAt(at));
    const isEither = rung?.onCall === true && world.isOpen(at);
    demand({ type: 'page.requested', purpose, ...(!isEither && { users: new Set([...wanted, ...askAgain]) }) });
  };
  const askFallback = () => {
    arm('fallback', policy?.fallbackMs ?? 0);
    demand({ type: 'page.requested', purpose: 'fallback', users: new Set(policy?.fallback) });
  };

  /** Climbs when it is urgent; else asks once and reminds. */
  const enter = (purpose: 'step' | 'reminder' = 'step') => {
    asked = new Set();
    stand(isHigh() ? 'escalating' : 'notified');
    if (isHigh()) arm('step', rungs()[position.step - 1]?.waitMs ?? 0);
    else arm('reminder', world.reminderMs);
    askRung(purpose);
  };
  const begin = (step = 1, purpose: 'step' | 'reminder' = 'step') => {
    position = { cycle: position.cycle + 1, loop: 1, step };
    enter(purpose);
  };
  const beginAgain = () => {
    if (acknowledgedBy.size > 0) askAgain = acknowledgedBy;
    acknowledgedBy = new Set();
    begin();
  };
  const climb = () => {
    const isLast = position.step >= rungs().length;
    if (isLast && position.loop >= (policy?.loops ?? 0)) return demand({ type: 'escalation.exhausted' });
    position = isLast ? { ...position, loop: position.loop + 1, step: 1 } : { ...position, step: position.step + 1 };
    return enter();
  };

  const isTimed = () => timers.has('acknowledgeTimeout');
  const holdAcknowledgement = () => {
    timers.delete('acknowledgeTimeout');
    if (isHigh() && policy?.acknowledgeMs !== undefined && !isAllClear)
      arm('acknowledgeTimeout', Math.max(0, expiresAt - at));
  };
  const acted = (isByPerson: boolean) => {
    if (paging === 'acknowledged' && isTimed() && isByPerson) holdAcknowledgement();
  };

  function fired(kind: string): void {
    const dueAt = timers.get(kind);
    if (dueAt === undefined) world.complain('I4', `timer ${kind} fired and nobody had armed it`);
    else if (dueAt > at) world.complain('I4', `timer ${kind} fired ${dueAt - at} ms early`);
    timers.delete(kind);
    if (kind === 'step') climb();
    else if (kind === 'fallback') {
      withdraw('fallback');
      askFallback();
    } else if (kind === 'reminder') begin(1, 'reminder');
    else if (kind === 'snooze') begin();
    else if (kind === 'acknowledgeTimeout') demand({ type: 'incident.unacknowledged' });
    else if (kind === 'close') demand({ type: 'incident.closed' });
    else if (kind === 'clearFor') {
      alertsState = 'clear';
      if (!hasPersonActed) demand({ type: 'incident.resolved' });
      else if (phase === 'open') demand({ type: 'incident.mitigated' });
    }
  }

  function joined(id: string): void {
    const isReturn = alerts.has(id) && alertsState !== 'clear';
    alerts.set(id, 'firing');
    alertsState = 'firing';
    isAllClear = false;
    timers.delete('clearFor');
    if (paging === 'snoozed' && !isReturn) begin();
    else if (paging === 'acknowledged' && !isTimed()) holdAcknowledgement();
    if (phase !== 'monitoring') return;
    phase = 'open';
    if (paging === 'notified') begin();
    else if (paging === 'acknowledged') beginAgain();
  }

  function cleared(id: string): void {
    alerts.set(id, 'cleared');
    isAllClear = [...alerts.values()].every((status) => status === 'cleared');
    if (!isAllClear || alertsState !== 'firing') return;
    alertsState = 'clearing';
    arm('clearFor', world.clearMs);
    timers.delete('acknowledgeTimeout');
  }

  function severityChanged(to: string, isByPerson: boolean): void {
    const isRaised = RANKS.indexOf(to) < RANKS.indexOf(severity);
    severity = to;
    acted(isByPerson);
    if (paging === 'snoozed' && isRaised) begin();
    else if (paging === 'notified' && isHigh()) begin();
    else if (paging === 'acknowledged' && isRaised && isHigh()) beginAgain();
    else if (paging === 'acknowledged' && (!isTimed() || !isHigh())) holdAcknowledgement();
    else if ((paging === 'escalating' || paging === 'exhausted') && !isHigh()) {
      stand('notified');
      arm('reminder', world.reminderMs);
    }
  }

  function mitigated(user: string | undefined): void {
    phase = 'monitoring';
    const told = new Set([...acknowledgedBy, ...responders]);
    if (user !== undefined) told.delete(user);
    if (told.size > 0) demand({ type: 'notice.requested', purpose: 'notice', users: told });
  }

  function failed(event: Extract<TimelineEvent, { type: 'page.failed' }>): void {
    if (!world.hasFailed(event.page))
      world.complain('I8', `page ${event.page} was given up while somebody could be reached`);
    const { cycle, loop, step } = event.position;
    if (cycle !== position.cycle || loop !== position.loop || step !== position.step) return;
    // Whoever was asked before the handoff still is.
    if (event.purpose === 'handoff') return;
    if (paging === 'escalating') climb();
    else if (paging === 'notified' && step < rungs().length) climb();
  }

  function changed(event: TimelineEvent): void {
    const user = event.by.kind === 'user' ? event.by.id : undefined;
    const isByPerson = user !== undefined;
    switch (event.type) {
      case 'incident.opened':
        severity = event.severity;
        policy = world.policyOf(event);
        if (policy === undefined) world.complain('I6', 'the policy that it carries is none that there was');
        for (const { id } of event.alerts) alerts.set(id, 'firing');
        if (alerts.size > 0) alertsState = 'firing';
        begin();
        break;
      case 'incident.acknowledged':
        if (paging !== 'acknowledged') {
          withdraw();
          stand('acknowledged');
        }
        if (user !== undefined) {
          acknowledgedBy.add(user);
          responders.add(user);
        }
        holdAcknowledgement();
        break;
      case 'incident.unacknowledged':
        askAgain = event.reason === 'timeout' ? acknowledgedBy : new Set();
        acknowledgedBy = new Set();
        begin();
        break;
      case 'incident.snoozed':
        withdraw();
        acknowledgedBy = new Set();
        stand('snoozed');
        arm('snooze', event.forMs);
        break;
      case 'incident.escalated':
        if (paging === 'escalating') climb();
        else begin(paging !== 'exhausted' && position.step < rungs().length ? position.step + 1 : 1);
        break;
      case 'incident.reassigned':
        withdraw();
        policy = world.policyOf(event, policy);
        if (policy === undefined) world.complain('I6', `event ${seq} carries a policy that there never was`);
        acknowledgedBy = new Set();
        begin();
        break;
      case 'severity.changed':
        severityChanged(event.severity, isByPerson);
        break;
      case 'note.added':
        acted(isByPerson);
        break;
      case 'alert.joined':
        joined(event.alert.id);
        break;
      case 'alert.cleared':
        cleared(event.alert);
        break;
      case 'incident.mitigated':
        acted(isByPerson);
        mitigated(user);
        break;
      case 'incident.resolved':
        withdraw();
        stand('quiet');
        timers.clear();
        phase = 'resolved';
        for (const id of alerts.keys()) alerts.set(id, 'cleared');
        if (alertsState !== 'none') alertsState = 'clear';
        arm('close', REOPEN_WINDOW_MS);
        break;
      case 'incident.reopened':
        timers.delete('close');
        phase = 'open';
        hasPersonActed = isByPerson;
        isAllClear = false;
        acknowledgedBy = new Set();
        begin();
        break;
      case 'incident.closed':
        phase = 'closed';
        timers.clear();
        break;
      case 'escalation.exhausted':
        stand('exhausted');
        askFallback();
        break;
      case 'timer.fired':
        fired(event.kind);
        break;
      case 'page.failed':
        failed(event);
        break;
      case 'schedule.handedOff':
        handedOff();
        break;
      case 'page.requested':
      case 'notice.requested':
        owe(event);
        break;
      default:
        world.complain('I4', `${event.type} came from nowhere`);
        break;
    }
  }

  /** Whoever has come on call is asked, where the schedule is, and once. */
  function handedOff(): void {
    const person = world.onCallAt(at);
    if (unasked(at) === undefined && !world.isOpen(at))
      world.complain('I4', `event ${seq} asks ${person}, who has no part in it or was asked`);
    demand({ type: 'page.requested', purpose: 'handoff', ...(!world.isOpen(at) && { users: new Set([person]) }) });
  }

  function unasked(moment: number): string | undefined {
    const person = world.onCallAt(moment);
    const isWanted = paging === 'escalating' && rungs()[position.step - 1]?.onCall === true;
    return isWanted && !asked.has(person) ? person : undefined;
  }

  function owe(event: Extract<TimelineEvent, { type: 'page.requested' | 'notice.requested' }>): void {
    const purpose = event.type === 'notice.requested' ? 'notice' : (event.purpose as Purpose);
    const users = new Set(event.recipients.flatMap((recipient) => recipient.user ?? []));
    pages.set(seq, { seq, at, purpose, users, isHigh: purpose !== 'notice' && isHigh(), isLive: true });
    if (purpose === 'notice') return;
    askAgain = new Set();
    for (const user of users) asked.add(user);
  }

  /** Whether `event` is what the rules demand now. */
  function meets(wanted: Demand, event: TimelineEvent): void {
    if (event.type !== wanted.type)
      world.complain('I2', `${wanted.type} was due at event ${seq}, and it is ${event.type}`);
    if (event.type !== 'page.requested' && event.type !== 'notice.requested') return;
    if (event.type === 'page.requested') {
      if (event.purpose !== wanted.purpose)
        world.complain('I2', `page ${seq} is for ${event.purpose} and should be for ${wanted.purpose}`);
      const { cycle, loop, step } = event.position;
      if (cycle !== position.cycle || loop !== position.loop || step !== position.step)
        world.complain(
          'I4',
          `page ${seq} is for ${cycle}/${loop}/${step}, due was ${Object.values(position).join('/')}`,
        );
    }
    if (wanted.users === undefined) return;
    const found = event.recipients
      .map(({ user }) => user)
      .sort()
      .join();
    const wantedUsers = [...wanted.users].sort().join();
    if (found !== wantedUsers) world.complain('I6', `page ${seq} asks ${found} and should ask ${wantedUsers}`);
  }

  return {
    timers,
    pages,
    isOpen: () => phase === 'open' || phase === 'monitoring',
    unasked,
    apply(event) {
      if (event.seq !== seq + 1) world.complain('I10', `event ${event.seq} follows event ${seq}`);
      if (event.at < at) world.complain('I4', `event ${event.seq} is before event ${seq}`);
      seq = event.seq;
      at = event.at;
      const wanted = demands.shift();
      const isOwnDoing =
        event.by.kind === 'system' && !['timer.fired', 'page.failed', 'schedule.handedOff'].includes(event.type);
      if (wanted !== undefined) meets(wanted, event);
      else if (isOwnDoing) world.complain('I4', `nothing led to ${event.type}, event ${seq}`);
      if (event.by.kind === 'user' || event.type === 'incident.acknowledged') {
        hasPersonActed = true;
        expiresAt = at + (policy?.acknowledgeMs ?? 0);
      }
      changed(event);
    },
    conclude() {
      const [missing] = demands;
      if (missing !== undefined)
        world.complain('I2', `${missing.type} ${missing.purpose ?? ''} is missing after event ${seq}`);
    },
  };
}
