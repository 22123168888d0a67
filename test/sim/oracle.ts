/**
 * The oracle: which pages an incident owes to whom, and when, from what people and sources did and from the policy.
 *
 * A second opinion, written from the documents. It knows no statechart and takes nothing from the code that it judges:
 * of a timeline it believes only what people and sources said; everything else must be what it demands.
 */
import type { TimelineEvent } from '../../src/index.ts';
import { askedAt, type Turn } from './asking.ts';
import type { Policy, Rung } from './tenants.ts';

/** How far an incident is, in the words of the platforms that know three states. */
export type Status = 'triggered' | 'acknowledged' | 'resolved';

/** Why a page is owed. */
export type Purpose = 'step' | 'fallback' | 'reminder' | 'notice' | 'handoff';

/** A page that was requested, and whether somebody still waits for it. */
export type OwedPage = {
  readonly seq: number;
  readonly at: number;
  readonly purpose: Purpose;
  readonly users: ReadonlySet<string>;
  readonly isHigh: boolean;
  /** Where in the ladder it was asked for. */
  readonly place: string;
  /** No contact is used later than that after the page, in ms: the fallback is asked anew by then. */
  readonly latestMs: number;
  /** Those of its people from whom nobody waits for an answer any more. */
  readonly goneFor: Set<string>;
};

/** Whether somebody waits for `user` to answer a page. */
export const isLiveFor = ({ goneFor }: OwedPage, user: string): boolean => !goneFor.has(user);

/** What the oracle has to be told about the world. */
export type OracleWorld = {
  readonly clearMs: number;
  /** How long what monitoring says is held before anybody is asked. */
  readonly holdMs: number;
  readonly reminderMs: number;
  /** Who is on call at a moment, by what was stored before. */
  onCallAt(at: number): string;
  /** Whether what is stored about that changed at this moment or since: then both answers are right. */
  isOpen(at: number): boolean;
  /** Until when what can wait is held back from `user`, if it is at `at`; else `at`. */
  quietUntil(user: string, at: number): number;
  /** Whose turn it was last. */
  lastTurn(turns: string): Turn | undefined;
  /** Somebody is asked because it is their turn. */
  tookTurn(turns: string, turn: Turn): void;
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
  /** Whether somebody has to be reached: it is urgent, and nobody has answered. */
  isAsking(): boolean;
  status(): Status;
  /** What decides whether it is to be seen elsewhere. */
  facts(): {
    readonly isPrivate: boolean;
    readonly wasUrgent: boolean;
    readonly wasAlwaysUrgent: boolean;
    readonly wasAsked: boolean;
  };
  /**
   * Whoever is on call at `at`, when nobody has asked them though the incident stands where they should be. Where one is asked
   * at a time, only whoever was not on call when the step began.
   */
  unasked(at: number): string | undefined;
};

type Demand = {
  readonly type: TimelineEvent['type'];
  readonly purpose?: Purpose;
  readonly users?: ReadonlySet<string>;
  /** Who is asked cannot be told; it may be nobody. */
  readonly mayBeNobody?: boolean;
};

const REOPEN_WINDOW_MS = 7 * 86_400_000;
const RANKS = ['SEV1', 'SEV2', 'SEV3'];
const PAGING_TIMERS = ['hold', 'step', 'fallback', 'acknowledgeTimeout', 'snooze', 'reminder'];
/** What the system does by itself only after something else. */
const ALL_PURPOSES: readonly Purpose[] = ['step', 'fallback', 'reminder', 'handoff'];
const OWN_DOING = ['timer.fired', 'page.failed', 'schedule.handedOff', 'link.added'];

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
  let answered = new Set<string>();
  let held = new Set<string>();
  const firstDue = new Map<string, number>();
  let hasReachedInLoop = false;
  let nextOpeningMs: number | undefined;
  let severity = '';
  let phase: 'open' | 'monitoring' | 'resolved' | 'closed' = 'open';
  let paging: 'holding' | 'escalating' | 'exhausted' | 'acknowledged' | 'snoozed' | 'notified' | 'quiet' = 'quiet';
  let alertsState: 'none' | 'firing' | 'clearing' | 'clear' = 'none';
  let position = { cycle: 0, loop: 0, step: 0 };
  let isAllClear = false;
  let hasPersonActed = false;
  let isPrivate = false;
  let wasAsked = false;
  const severities = new Set<string>();
  let expiresAt = 0;
  let enteredAt = 0;
  let answerNotice = 0;
  let seq = 0;
  let at = 0;

  const isHigh = () => severity !== 'SEV3';
  const rungs = (): readonly Rung[] => policy?.rungs ?? [];
  const arm = (kind: string, ms: number) => void timers.set(kind, at + ms);
  const stand = (state: typeof paging) => {
    for (const kind of PAGING_TIMERS) timers.delete(kind);
    // That somebody has it is no news once nobody has it any more.
    const notice = paging === 'acknowledged' && state !== 'acknowledged' ? pages.get(answerNotice) : undefined;
    for (const user of notice?.users ?? []) notice?.goneFor.add(user);
    paging = state;
  };
  const withdraw = (purposes?: readonly Purpose[], user?: string) => {
    for (const page of pages.values())
      if (page.seq !== seq && (purposes === undefined || purposes.includes(page.purpose)))
        for (const each of user === undefined ? page.users : [user]) page.goneFor.add(each);
  };
  const isHeard = (user: string) => (firstDue.get(user) ?? at) <= at;
  const demand = (wanted: Demand) => void demands.unshift(wanted);
  const askRung = (purpose: 'step' | 'reminder') => {
    const rung = rungs()[position.step - 1];
    const isEither = rung?.onCall === true && world.isOpen(at);
    const again = purpose === 'step' ? askAgain : [];
    if (isEither) return demand({ type: 'page.requested', purpose, mayBeNobody: answered.size > 0 });
    const wanted = rung === undefined ? [] : askedAt(rung, { person: world.onCallAt(at), answered, ...world });
    const users = new Set([...wanted, ...again]);
    return demand(users.size === 0 ? { type: 'page.nobody', purpose } : { type: 'page.requested', purpose, users });
  };
  const askFallback = () => {
    arm('fallback', policy?.fallbackMs ?? 0);
    demand({ type: 'page.requested', purpose: 'fallback', users: new Set(policy?.fallback) });
  };

  /** Climbs when it is urgent; else asks once and reminds. */
  const enter = (purpose: 'step' | 'reminder' = 'step') => {
    asked = new Set();
    wasAsked = true;
    enteredAt = at;
    stand(isHigh() ? 'escalating' : 'notified');
    if (isHigh()) arm('step', rungs()[position.step - 1]?.waitMs ?? 0);
    else arm('reminder', nextOpeningMs ?? world.reminderMs);
    askRung(purpose);
  };
  const begin = (step = 1, purpose: 'step' | 'reminder' = 'step', done = new Set<string>()) => {
    position = { cycle: position.cycle + 1, loop: 1, step };
    // Whoever has answered for themselves is not reminded.
    answered = done;
    hasReachedInLoop = false;
    nextOpeningMs = undefined;
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
    if (isLast) hasReachedInLoop = false;
    return enter();
  };
  const hold = () => {
    stand('holding');
    arm('hold', world.holdMs);
  };
  /** Nobody could be asked here: the next rung is; a round in which nobody could be asked is the last one. */
  const goOn = () => {
    if (paging === 'escalating') {
      const isLast = position.step >= rungs().length;
      if (isLast && !hasReachedInLoop) demand({ type: 'escalation.exhausted' });
      else climb();
    } else if (paging === 'notified' && position.step < rungs().length) climb();
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
      withdraw(['fallback']);
      askFallback();
    } else if (kind === 'reminder') begin(1, 'reminder', answered);
    else if (kind === 'snooze' || kind === 'hold') begin();
    else if (kind === 'acknowledgeTimeout') demand({ type: 'incident.unacknowledged' });
    else if (kind === 'close') demand({ type: 'incident.closed' });
    else if (kind === 'clearFor') {
      alertsState = 'clear';
      if (!hasPersonActed) demand({ type: 'incident.resolved' });
      else if (phase === 'open') demand({ type: 'incident.mitigated' });
      if (hasPersonActed && paging === 'holding') {
        stand('notified');
        arm('reminder', world.reminderMs);
      }
    }
  }

  function joined(id: string): void {
    const isReturn = alerts.has(id) && alertsState !== 'clear';
    alerts.set(id, 'firing');
    alertsState = 'firing';
    isAllClear = false;
    timers.delete('clearFor');
    // What fires again is waited for anew.
    if (paging === 'holding' && !timers.has('hold')) arm('hold', world.holdMs);
    const wasNotified = paging === 'notified';
    if (paging === 'snoozed' && !isReturn) begin();
    else if (paging === 'acknowledged' && !isTimed()) holdAcknowledgement();
    if (phase !== 'monitoring') return;
    phase = 'open';
    if (wasNotified) begin();
    else if (paging === 'acknowledged') beginAgain();
  }

  function cleared(id: string): void {
    alerts.set(id, 'cleared');
    isAllClear = [...alerts.values()].every((status) => status === 'cleared');
    if (!isAllClear || alertsState !== 'firing') return;
    alertsState = 'clearing';
    arm('clearFor', world.clearMs);
    if (paging === 'holding') timers.delete('hold');
    timers.delete('acknowledgeTimeout');
  }

  function severityChanged(to: string, isByPerson: boolean): void {
    const isRaised = RANKS.indexOf(to) < RANKS.indexOf(severity);
    const wasHigh = isHigh();
    severity = to;
    severities.add(to);
    // What was held back is asked for now, and at the first step.
    if (isHigh() && !wasHigh) {
      for (const user of held) withdraw(['step', 'reminder'], user);
      held = new Set();
    }
    acted(isByPerson);
    if (paging === 'snoozed' && isRaised) begin();
    else if (paging === 'notified' && isHigh()) begin();
    else if (paging === 'acknowledged' && isRaised && isHigh()) beginAgain();
    else if (paging === 'escalating' && isRaised && isHigh() && answered.size > 0) begin();
    else if (paging === 'acknowledged' && (!isTimed() || !isHigh())) holdAcknowledgement();
    else if ((paging === 'escalating' || paging === 'exhausted') && !isHigh()) {
      stand('notified');
      arm('reminder', world.reminderMs);
    }
  }

  /** Of what is private only those hear who have taken part in it. */
  const isAudience = (user: string) => responders.has(user) || (isHeard(user) && !isPrivate);

  /** Whoever was asked beside the one who answered hears of it. */
  function tellOthers(user: string | undefined): void {
    const told = new Set(
      [...asked].filter((other) => other !== user && !acknowledgedBy.has(other) && isAudience(other)),
    );
    if (told.size > 0) demand({ type: 'notice.requested', purpose: 'notice', users: told });
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
    if (event.purpose !== 'handoff') goOn();
  }

  /** One of those who each have to answer has; the others are still asked. */
  function answeredAlone(user: string | undefined): void {
    if (user === undefined) {
      world.complain('I2', `event ${seq} is the answer of nobody`);
      return;
    }
    acknowledgedBy.add(user);
    responders.add(user);
    answered.add(user);
    withdraw(ALL_PURPOSES, user);
  }

  /** Whether an acknowledgement by `user` is everybody's, or theirs alone. */
  function isForAll(user: string | undefined): boolean {
    const isAsking = paging === 'escalating' || paging === 'notified';
    if (!isAsking || rungs()[position.step - 1]?.isEach !== true || user === undefined) return true;
    return [...asked].every((other) => other === user || answered.has(other));
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
        isPrivate = event.visibility === 'private';
        severities.add(severity);
        // What a person reports is not held.
        if (world.holdMs > 0 && alerts.size > 0) hold();
        else begin();
        break;
      case 'page.acknowledged':
        if (isForAll(user)) world.complain('I2', `event ${seq} is the answer of one, and nobody else is asked`);
        answeredAlone(user);
        break;
      case 'page.nobody':
        if (event.nextOpeningMs !== undefined)
          nextOpeningMs = Math.min(event.nextOpeningMs, nextOpeningMs ?? Number.POSITIVE_INFINITY);
        if (paging === 'notified' && position.step >= rungs().length)
          arm('reminder', nextOpeningMs ?? world.reminderMs);
        else goOn();
        break;
      case 'incident.acknowledged':
        if (!isForAll(user)) world.complain('I2', `event ${seq} is the answer of ${user}, and others have to answer`);
        if (paging !== 'acknowledged') {
          withdraw();
          stand('acknowledged');
          tellOthers(user);
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
      case 'link.added':
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
    if (!isUnasked(person) && !world.isOpen(at))
      world.complain('I4', `event ${seq} asks ${person}, who has no part in it or was asked`);
    demand({ type: 'page.requested', purpose: 'handoff', ...(!world.isOpen(at) && { users: new Set([person]) }) });
  }

  function isUnasked(person: string): boolean {
    const isWanted = paging === 'escalating' && rungs()[position.step - 1]?.onCall === true;
    return isWanted && !asked.has(person) && !answered.has(person);
  }

  function unasked(moment: number): string | undefined {
    const person = world.onCallAt(moment);
    const isOneAtATime = rungs()[position.step - 1]?.turns !== undefined;
    if (isOneAtATime && world.onCallAt(enteredAt) === person) return undefined;
    return isUnasked(person) ? person : undefined;
  }

  function owe(event: Extract<TimelineEvent, { type: 'page.requested' | 'notice.requested' }>): void {
    const purpose = event.type === 'notice.requested' ? 'notice' : (event.purpose as Purpose);
    const users = new Set(event.recipients.flatMap((recipient) => recipient.user ?? []));
    const place = Object.values(position).join('/');
    const isUrgent = purpose !== 'notice' && isHigh();
    const latestMs = purpose === 'fallback' ? Math.floor((policy?.fallbackMs ?? 0) * 0.9) : Number.POSITIVE_INFINITY;
    pages.set(seq, { seq, at, purpose, users, isHigh: isUrgent, place, latestMs, goneFor: new Set() });
    if (event.type === 'notice.requested' && event.topic === 'acknowledged') answerNotice = seq;
    if (event.type === 'notice.requested') return;
    const turns = rungs()[position.step - 1]?.turns;
    if (turns !== undefined && event.turn !== undefined) world.tookTurn(turns, event.turn);
    askAgain = new Set();
    hasReachedInLoop = true;
    nextOpeningMs = undefined;
    for (const user of users) {
      asked.add(user);
      const dueAt = isUrgent ? at : world.quietUntil(user, at);
      firstDue.set(user, Math.min(dueAt, firstDue.get(user) ?? Number.POSITIVE_INFINITY));
      // Whoever is the fallback as well is called by one page, the later one.
      if (purpose === 'fallback') withdraw(['step', 'handoff'], user);
      // Whoever is told at the end of their quiet hours is told once.
      if (dueAt > at) withdraw(['step', 'reminder'], user);
      if (dueAt > at) held.add(user);
      else held.delete(user);
    }
  }

  /** Whether `event` is what the rules demand now. */
  function meets(wanted: Demand, event: TimelineEvent): void {
    if (event.type === 'page.nobody' && wanted.mayBeNobody === true) return;
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
    status: () => {
      if (phase === 'resolved' || phase === 'closed') return 'resolved';
      return paging === 'acknowledged' || paging === 'snoozed' || paging === 'quiet' ? 'acknowledged' : 'triggered';
    },
    facts: () => ({
      isPrivate,
      wasUrgent: ['SEV1', 'SEV2'].some((each) => severities.has(each)),
      wasAlwaysUrgent: !severities.has('SEV3'),
      wasAsked,
    }),
    isAsking: () => paging === 'escalating' || paging === 'exhausted',
    unasked,
    apply(event) {
      if (event.seq !== seq + 1) world.complain('I10', `event ${event.seq} follows event ${seq}`);
      if (event.at < at) world.complain('I4', `event ${event.seq} is before event ${seq}`);
      seq = event.seq;
      at = event.at;
      const wanted = demands.shift();
      const isOwnDoing = event.by.kind === 'system' && !OWN_DOING.includes(event.type);
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
