/**
 * Tenants: one instance serves many, and none ever meets what belongs to another.
 */
import { describe, expect, test } from 'vitest';
import { config, opened, policy, refusal, trigger, world } from './world.ts';

const by = 'ana';

describe('tenants', () => {
  const three = async () => {
    const w = world();
    const tenants = [
      w.tocsin,
      w.tocsin.forTenant('acme', { config: config() }),
      w.tocsin.forTenant('globex', { config: config() }),
    ];
    const ids = [];
    for (const tocsin of tenants) ids.push(await opened(tocsin, trigger('disk', { title: tocsin.tenant })));
    return { ...w, tenants, ids };
  };

  test('the same key is another alert and another incident for each', async () => {
    const { tenants, ids } = await three();
    expect(new Set(ids).size).toBe(3);
    for (const [n, tocsin] of tenants.entries()) {
      expect((await tocsin.incidents.list()).items.map(({ id, title, tenant }) => [id, title, tenant])).toEqual([
        [ids[n], tocsin.tenant, tocsin.tenant],
      ]);
      expect(await tocsin.alerts.list()).toMatchObject([{ incidentId: ids[n], tenant: tocsin.tenant, count: 1 }]);
      expect(new Set((await tocsin.deliveries.list()).map(({ incidentId }) => incidentId))).toEqual(new Set([ids[n]]));
    }
  });

  test('the ids of one are unknown to the others', async () => {
    const { tenants, ids } = await three();
    for (const [n, tocsin] of tenants.entries()) {
      const foreign = ids[(n + 1) % 3]!;
      expect(await tocsin.incidents.get(foreign)).toBeUndefined();
      await refusal(() => tocsin.incidents.resolve(foreign, { by }), 'INCIDENT_NOT_FOUND');
      await refusal(() => tocsin.incidents.timeline(foreign), 'INCIDENT_NOT_FOUND');
      await refusal(() => tocsin.incidents.merge(ids[n]!, { by, into: foreign }), 'INCIDENT_NOT_FOUND');
      await refusal(() => tocsin.incidents.merge(foreign, { by, into: ids[n]! }), 'INCIDENT_NOT_FOUND');
      await refusal(() => tocsin.deadLetters.retry(`${foreign}:2:0`), 'DELIVERY_NOT_FOUND');
      expect(await tocsin.alerts.list({ incidentId: foreign })).toEqual([]);
      expect(await tocsin.deliveries.list({ incidentId: foreign })).toEqual([]);
      const [alert] = await tenants[(n + 1) % 3]!.alerts.list();
      expect(await tocsin.alerts.get(alert!.id)).toBeUndefined();
    }
  });

  test('delivery ids of one are unknown to the others', async () => {
    const { tenants } = await three();
    for (const tocsin of tenants) await tocsin.ingest(trigger('new'), { deliveryId: 'd-1' });
    for (const tocsin of tenants) expect((await tocsin.incidents.list()).items).toHaveLength(2);
  });

  test('a listener hears its own tenant only', async () => {
    const { tenants } = await three();
    const heard = tenants.map((tocsin) => {
      const own: string[] = [];
      tocsin.on('incident.opened', ({ tenant }) => own.push(tenant));
      return own;
    });
    for (const tocsin of tenants) await opened(tocsin, trigger('other'));
    expect(heard).toEqual([['default'], ['acme'], ['globex']]);
  });

  test('one tick serves all of them, each by its own configuration', async () => {
    const w = world();
    const acme = w.tocsin.forTenant('acme', {
      config: config({ escalationPolicies: [policy({ steps: [{ targets: [{ user: 'boss' }] }] })] }),
    });
    await opened(w.tocsin);
    await opened(acme);
    await w.pass(0);
    expect(w.sms.sent.map(({ message }) => `${message.tenant} ${message.to.user}`).sort()).toEqual([
      'acme boss',
      'default ana',
    ]);
    expect(w.tocsin.forTenant('acme').config.current()).toEqual(acme.config.current());
    expect(acme.config.current().version).not.toBe(w.tocsin.config.current().version);
  });

  test('a tenant without a configuration is refused, as is one whose name is no id', async () => {
    const { tocsin } = world();
    const error = await refusal(() => tocsin.forTenant('unknown'), 'REFERENCE_UNKNOWN');
    expect(error.message).toBe(
      'Cannot act for tenant unknown: it has no configuration yet. Use tocsin.forTenant(id, { config }).',
    );
    for (const id of ['', 'a b', '__proto__', 'x'.repeat(201)]) {
      const refused = await refusal(() => tocsin.forTenant(id, { config: config() }), 'INPUT_INVALID');
      expect(refused.details).toEqual({ problems: [{ path: 'tenant', message: 'not an id' }] });
    }
  });
});
