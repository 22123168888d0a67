/**
 * The platforms: what stands on each of them of our incidents, what people do there, and what they tell us about it.
 *
 * They are outside every process. They tell of everything, of what we did ourselves too: late, twice, in any order.
 */
import type { AlertEvent, IngestResult, Message, SendResult, Storage, TimelineEvent } from '../../src/index.ts';
import { keyAt, type MirrorOf } from './following.ts';
import type { Watched } from './observer.ts';
import type { Status } from './oracle.ts';
import type { Simulation } from './simulation.ts';
import { TENANTS, type Tenant } from './tenants.ts';

/** What stands on the platforms. */
export type Platforms = {
  /** A message of a mirror has arrived; `isLate` when it was sent by a process that had no right to any more. */
  write(mirror: string, message: Message, isLate: boolean): void;
  /** What the platform answers to it. */
  answer(mirror: string, message: Message): SendResult | undefined;
  /** Whether it has the incident under this name. */
  has(mirror: string, externalId: string): boolean;
  /** An event was stored: what platforms told has happened there, and was not overtaken. */
  saw(incident: Watched, event: TimelineEvent): void;
  /** Somebody mends what made messages dead letters. */
  retryDead(storage: Storage): Promise<void>;
  isPutBack(tenant: string, id: string): boolean;
  /** Where nothing is under way, each platform shows how the incident is. */
  checkShown(storage: Storage): Promise<void>;
  /** How often anything was written there, or told by them. */
  moves(): number;
};

type Change = 'opened' | 'acknowledged' | 'unacknowledged' | 'resolved' | 'reopened';
type Happened = {
  readonly change: Change;
  readonly at: number;
  /** Whether we did it ourselves. */
  readonly isOurs: boolean;
  /** Whether a node has heard of it. */
  isHeard: boolean;
};
type Entry = {
  readonly mirror: MirrorOf;
  readonly id: string;
  readonly tenant: Tenant;
  readonly incident: string;
  status: Status;
  readonly happened: Happened[];
  /** Until when (epoch ms) it makes the changes that it has taken, one after the other. */
  busyUntil: number;
  /** Whether what was written last came from a process that had no right to write any more. */
  isOverwritten: boolean;
};

const CHANGES: { readonly [type in TimelineEvent['type']]?: Change } = {
  'incident.acknowledged': 'acknowledged',
  'page.acknowledged': 'acknowledged',
  'incident.unacknowledged': 'unacknowledged',
  'incident.resolved': 'resolved',
  'incident.reopened': 'reopened',
};
const ACTIONS = {
  opened: 'trigger',
  acknowledged: 'acknowledge',
  unacknowledged: 'change',
  resolved: 'resolve',
  reopened: 'change',
} as const;
/** After one of these it is decided anew whether somebody is to be asked. */
const MOVES: readonly string[] = [
  'incident.opened',
  'incident.acknowledged',
  'incident.unacknowledged',
  'incident.snoozed',
  'incident.reassigned',
  'incident.resolved',
  'incident.reopened',
];
const STATUS_AFTER: Readonly<Record<Change, Status>> = {
  opened: 'triggered',
  acknowledged: 'acknowledged',
  unacknowledged: 'triggered',
  resolved: 'resolved',
  reopened: 'triggered',
};
/** How long a slow platform takes for a change. */
const SLOWEST_MS = 8_000;
const ALL = 1_000_000;

/** Platforms on which nothing stands yet. */
export function createPlatforms(sim: Simulation): Platforms {
  const { scheduler, journal, following } = sim;
  const chance = sim.chance.fork('platforms');
  const entries = new Map<string, Entry>();
  const putBack = new Set<string>();
  const movedAt = new Map<string, number>();
  let moves = 0;

  const nameOf = (mirror: string, tenant: string, incident: string) => `${mirror} ${keyAt(tenant, incident)}`;

  function happen(entry: Entry, change: Change, isOurs: boolean): void {
    const happened = { change, at: scheduler.now(), isOurs, isHeard: false };
    entry.status = STATUS_AFTER[change];
    entry.happened.push(happened);
    journal.count(`${isOurs ? 'echoes' : 'done elsewhere'}: ${change}`);
    journal.line(`${entry.id} of ${entry.tenant}/${entry.incident} is ${change} ${isOurs ? 'by us' : 'by somebody'}`);
    const by = !isOurs && chance.chance(0.3) ? chance.pick(['ana', 'ben']) : undefined;
    for (let times = chance.chance(0.2) ? 2 : 1; times > 0; times--) tell(entry, happened, by);
    if (!sim.people.isSilent() && chance.chance(0.5)) {
      // Whoever was too quick takes it back soon.
      const longestMs = chance.chance(0.5) ? 8_000 : 60_000;
      scheduler.after(chance.between(500, longestMs), () => act(entry));
    }
  }

  /** The change that we asked for is made, if it is one. */
  function become(entry: Entry, status: Status): void {
    if (entry.status === status) return;
    const isBack = status === 'triggered';
    happen(entry, isBack ? (entry.status === 'resolved' ? 'reopened' : 'unacknowledged') : status, true);
  }

  /** Somebody looks at the platform and does something about it. */
  function act(entry: Entry): void {
    if (sim.people.isSilent()) return;
    const changes = {
      triggered: ['acknowledged', 'acknowledged', 'resolved'],
      acknowledged: ['unacknowledged', 'unacknowledged', 'resolved'],
      resolved: ['reopened'],
    } as const;
    const [first = 'reopened', ...rest] = changes[entry.status];
    happen(entry, chance.pick<Change>([first, ...rest]), false);
  }

  function tell(entry: Entry, happened: Happened, by: string | undefined): void {
    const { tenant, incident, mirror, id } = entry;
    const isMarked = happened.isOurs && following.isMarked;
    const names = [id, keyAt(tenant, incident)] as const;
    const event: AlertEvent = sim.source({
      echo: happened.isOurs ? happened.change : undefined,
      event: {
        action: isMarked ? 'change' : ACTIONS[happened.change],
        title: 'Told elsewhere',
        dedupKey: id,
        occurredAt: happened.at,
        external: {
          platform: mirror.platform,
          ids: chance.chance(0.3) ? [names[1]] : [...names],
          change: isMarked ? 'other' : happened.change,
          ...(by !== undefined && { by }),
        },
      },
    });
    const longestMs = sim.people.isSilent() ? 5_000 : 40_000;
    scheduler.after(chance.chance(0.7) ? chance.between(20, 2_000) : chance.between(20, longestMs), () => {
      moves += 1;
      sim.people.ask({
        tenant,
        what: `${mirror.platform} tells that ${id} is ${event.external?.change} since ${happened.at}`,
        perform: async (tocsin) => {
          const results = await tocsin.ingest(event);
          // What could not be taken in for now is told again.
          for (const { error } of results) if (error?.retryable) throw error;
          return results;
        },
        isStored: async (answer) => {
          happened.isHeard = true;
          const [result] = answer as readonly IngestResult[];
          journal.count(`told elsewhere: ${result?.outcome}`);
          return result?.incidentId === incident ? undefined : `it is ${result?.outcome}: ${result?.reason}`;
        },
      });
    });
  }

  function checkTold({ tenant, id }: Watched, { seq, by, type }: TimelineEvent): void {
    const mirror = following.mirrors.find(({ platform }) => by.kind === 'source' && by.id === platform);
    if (mirror === undefined) return;
    journal.count(`event elsewhere: ${type}`);
    const change = CHANGES[type];
    const entry = entries.get(nameOf(mirror.id, tenant, id));
    const own = entry?.happened.filter((one) => one.change === change) ?? [];
    const name = `event ${seq} of ${tenant}/${id} is ${type} by ${mirror.platform}`;
    const byPeople = own.filter(({ isOurs }) => !isOurs || !following.isMarked);
    const latest = byPeople.at(-1);
    if (latest === undefined) {
      journal.violate('M3', `${name}, where nobody did it`);
      return;
    }
    if (latest.at <= (movedAt.get(`${tenant}/${id}`) ?? 0))
      journal.violate('M4', `${name}, which it was at ${latest.at}, before the incident moved on`);
    // Nobody may be kept from asking by what was told late; what we did ourselves tells nothing of what people want.
    const later = entry?.happened.find((one) => one.at > latest.at && one.isHeard && !one.isOurs);
    const isSilencing = change === 'acknowledged' || change === 'resolved';
    if (later !== undefined && isSilencing)
      journal.violate('M4', `${name}, where it is ${later.change} since then, as had been told already`);
  }

  function checkNamed({ tenant, id }: Watched, event: TimelineEvent): void {
    if (event.type !== 'link.added' || event.link.external === undefined) return;
    const { external } = event.link;
    // Our own key says that no name is known.
    if (external.id === `tocsin:${tenant}:${id}`) return;
    const entry = entries.get(nameOf(external.mirror, tenant, id));
    if (entry?.id !== external.id || entry.mirror.platform !== external.platform)
      journal.violate(
        'M2',
        `${tenant}/${id} is said to be ${external.id} by ${external.mirror}, which is ${entry?.id}`,
      );
  }

  function checkEntry(entry: Entry, incident: Watched | undefined): void {
    const { mirror, tenant, id, status } = entry;
    const name = `${id} of ${mirror.id}, which is ${tenant}/${entry.incident},`;
    journal.count('mirrors at rest');
    const is = incident?.oracle.status();
    if (is !== status) journal.violate('M1', `${name} shows ${status}, and the incident is ${is}`);
  }

  function checkMirrored(incident: Watched, mirror: MirrorOf): void {
    const { tenant, id, oracle } = incident;
    const { isPrivate, wasUrgent, wasAlwaysUrgent, wasAsked } = oracle.facts();
    const isThere = entries.has(nameOf(mirror.id, tenant, id));
    const mayBe = (!isPrivate || mirror.isPrivate) && (!mirror.isUrgentOnly || wasUrgent) && wasAsked;
    const mustBe = mayBe && oracle.isOpen() && (!mirror.isUrgentOnly || wasAlwaysUrgent);
    if (isThere && !mayBe) journal.violate('M2', `${tenant}/${id} is on ${mirror.id}, and should never be`);
    if (!isThere && mustBe) journal.violate('M1', `${tenant}/${id} is not on ${mirror.id}`);
  }

  return {
    write(mirrorId, message, isLate) {
      const { tenant, incidentId = '', status = 'triggered' } = message;
      const name = nameOf(mirrorId, tenant, incidentId);
      const mirror = following.mirrors.find(({ id }) => id === mirrorId);
      if (mirror === undefined) return;
      moves += 1;
      const known = entries.get(name);
      if (known === undefined && status === 'resolved') return;
      const entry = known ?? {
        mirror,
        id: `${mirrorId}-${entries.size + 1}`,
        tenant: tenant as Tenant,
        incident: incidentId,
        status: 'triggered' as Status,
        happened: [],
        busyUntil: 0,
        isOverwritten: false,
      };
      entries.set(name, entry);
      entry.isOverwritten = isLate;
      if (isLate) journal.count('late writers');
      if (known === undefined) happen(entry, 'opened', true);
      if (!mirror.isSlow) return become(entry, status);
      entry.busyUntil = Math.max(entry.busyUntil, scheduler.now() + chance.between(200, SLOWEST_MS));
      scheduler.after(entry.busyUntil - scheduler.now(), () => become(entry, status));
    },
    answer(mirrorId, { tenant, incidentId = '' }) {
      const entry = entries.get(nameOf(mirrorId, tenant, incidentId));
      return entry && { externalId: entry.id, url: `https://${entry.mirror.platform}.example.com/${entry.id}` };
    },
    // Also by our own key, under which each was made.
    has: (mirrorId, externalId) =>
      [...entries.values()].some(
        ({ mirror, tenant, incident, id }) =>
          mirror.id === mirrorId && (id === externalId || externalId === `tocsin:${tenant}:${incident}`),
      ),
    saw(incident, event) {
      checkTold(incident, event);
      checkNamed(incident, event);
      if (MOVES.includes(event.type)) movedAt.set(`${incident.tenant}/${incident.id}`, event.at);
    },
    async retryDead(storage) {
      for (const tenant of TENANTS)
        for (const { id, purpose } of await storage.listDeliveries(tenant, { state: 'dead', limit: ALL })) {
          if (purpose !== 'mirror' && purpose !== 'follow') continue;
          journal.count('put back');
          putBack.add(`${tenant}/${id}`);
          sim.people.ask({
            tenant,
            what: `put ${id} back`,
            perform: (tocsin) => tocsin.deadLetters.retry(id),
            isStored: async () => undefined,
            isForgivable: (code) => code === 'DELIVERY_NOT_FOUND',
          });
        }
    },
    isPutBack: (tenant, id) => putBack.has(`${tenant}/${id}`),
    async checkShown(storage) {
      if (following.mirrors.length === 0) return;
      for (const tenant of TENANTS) {
        const rows = await storage.listDeliveries(tenant, { limit: ALL });
        const live = rows.filter(({ state }) => state === 'pending' || state === 'leased');
        const busy = new Set(
          live.flatMap(({ purpose, reactsTo }) =>
            purpose === 'mirror' || purpose === 'follow' ? (reactsTo?.incidentId ?? []) : [],
          ),
        );
        const isAtRest = (id: string) => !busy.has(id);
        for (const incident of sim.observer.incidents()) {
          if (incident.tenant !== tenant || !isAtRest(incident.id)) continue;
          for (const mirror of following.mirrors) checkMirrored(incident, mirror);
        }
        for (const entry of entries.values())
          if (
            entry.tenant === tenant &&
            isAtRest(entry.incident) &&
            !entry.isOverwritten &&
            entry.busyUntil < scheduler.now()
          )
            checkEntry(entry, sim.observer.incident(tenant, entry.incident));
      }
    },
    moves: () => moves,
  };
}
