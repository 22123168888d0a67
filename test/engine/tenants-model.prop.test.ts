/**
 * Three tenants in one storage, with the same ids everywhere, are as three tenants in storages of their own.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryStorage, type Storage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { acknowledge, counter, resolve, T0, trigger, type World, world } from './world.ts';

const TENANTS = ['acme', 'globex', 'initech'] as const;
type Tenant = (typeof TENANTS)[number];

type Step = { readonly tenant: Tenant; readonly does: Does };
type Does =
  | { readonly type: 'ingest'; readonly key: string; readonly action: 'trigger' | 'resolve' | 'acknowledge' }
  | {
      readonly type: 'command';
      readonly name: 'acknowledge' | 'addNote' | 'resolve' | 'escalate';
      readonly nth: number;
    }
  | { readonly type: 'retry'; readonly nth: number }
  | { readonly type: 'prune' }
  | { readonly type: 'fail'; readonly isFailing: boolean }
  | { readonly type: 'tick'; readonly minutes: number };

const does: fc.Arbitrary<Does> = fc.oneof(
  fc.record({
    type: fc.constant('ingest' as const),
    key: fc.constantFrom('disk', 'cpu'),
    action: fc.constantFrom('trigger' as const, 'trigger' as const, 'resolve' as const, 'acknowledge' as const),
  }),
  fc.record({
    type: fc.constant('command' as const),
    name: fc.constantFrom('acknowledge' as const, 'addNote' as const, 'resolve' as const, 'escalate' as const),
    nth: fc.nat(2),
  }),
  fc.record({ type: fc.constant('retry' as const), nth: fc.nat(2) }),
  fc.constant({ type: 'prune' as const }),
  fc.record({ type: fc.constant('fail' as const), isFailing: fc.boolean() }),
  fc.record({ type: fc.constant('tick' as const), minutes: fc.integer({ min: 0, max: 7 }) }),
);

/** A world of one tenant whose ids begin at 1, as those of every other. */
function worldOf(tenant: Tenant, storage: Storage, clock: ReturnType<typeof virtualClock>): World {
  return world({ tenant, storage, clock, ids: counter() });
}

async function act(w: World, step: Does): Promise<unknown> {
  const { tocsin } = w;
  const incidents = (await tocsin.incidents.list()).items;
  switch (step.type) {
    case 'ingest': {
      const event = { trigger, resolve, acknowledge }[step.action](step.key);
      return (await tocsin.ingest(event)).map(({ outcome, incidentId }) => `${outcome} ${incidentId}`);
    }
    case 'command': {
      const id = incidents[step.nth % Math.max(1, incidents.length)]?.id ?? 'none';
      return tocsin.incidents[step.name](id, { by: 'ana', text: 'x' } as never).then(
        ({ version }) => version,
        (error: { code: string }) => error.code,
      );
    }
    case 'retry': {
      const dead = await tocsin.deadLetters.list();
      const letter = dead[step.nth % Math.max(1, dead.length)];
      return tocsin.deadLetters.retry(letter?.id ?? 'none').catch((error: { code: string }) => error.code);
    }
    case 'prune':
      return tocsin.prune({ endedBefore: w.clock.now() });
    case 'fail':
      return w.sms.failWith(
        step.isFailing
          ? () => {
              throw Object.assign(new Error('no'), { permanent: true });
            }
          : undefined,
      );
    case 'tick':
      return tocsin.tick();
  }
}

/** Everything that a tenant can see. */
async function picture({ tocsin, sms, voice }: World) {
  const { items } = await tocsin.incidents.list();
  return {
    items,
    timelines: await Promise.all(items.map(({ id }) => tocsin.incidents.timeline(id))),
    alerts: await tocsin.alerts.list(),
    deliveries: await tocsin.deliveries.list(),
    dead: await tocsin.deadLetters.list(),
    sent: [...sms.sent, ...voice.sent],
    health: { ...(await tocsin.health()), eventLoopDelayMs: undefined },
  };
}

test('three tenants never meet', async () => {
  const steps = fc.array(fc.record({ tenant: fc.constantFrom(...TENANTS), does }), { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (plan: readonly Step[]) => {
      const clocks = [virtualClock({ start: T0 }), virtualClock({ start: T0 })] as const;
      const shared = memoryStorage({ clock: clocks[0] });
      const together = new Map(TENANTS.map((tenant) => [tenant, worldOf(tenant, shared, clocks[0])]));
      const apart = new Map(
        TENANTS.map((tenant) => [tenant, worldOf(tenant, memoryStorage({ clock: clocks[1] }), clocks[1])]),
      );
      for (const { tenant, does: step } of plan) {
        if (step.type === 'tick') for (const clock of clocks) await clock.advance(step.minutes * 60_000);
        expect(await act(together.get(tenant)!, step)).toEqual(await act(apart.get(tenant)!, step));
      }
      for (const tenant of TENANTS)
        expect(await picture(together.get(tenant)!)).toEqual(await picture(apart.get(tenant)!));
    }),
    { numRuns: 60 },
  );
});
