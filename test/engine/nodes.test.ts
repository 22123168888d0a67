/**
 * Any number of nodes: three deliver the same set as one, whatever their own clocks say.
 */
import { expect, test } from 'vitest';
import { createTocsin, memoryStorage } from '../../src/index.ts';
import { recordingNotifier, type VirtualClock, virtualClock } from '../../src/testing/index.ts';
import { config, HOUR, MINUTE, recordingLogger, T0, trigger } from './world.ts';

/** Ten incidents, answered or not, over two hours; answers what was delivered, by incident, person and moment. */
async function run(nodes: number, skewMs: (node: number) => number): Promise<readonly string[]> {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const channels = { sms: recordingNotifier('sms'), voice: recordingNotifier('voice') };
  const skewed = (node: number): VirtualClock => ({ ...clock, now: () => clock.now() + skewMs(node) });
  const all = Array.from({ length: nodes }, (_, node) =>
    createTocsin({
      config: config(),
      storage,
      clock: skewed(node),
      notifiers: [channels.sms, channels.voice],
      logger: recordingLogger().logger,
    }),
  );
  for (const tocsin of all) await tocsin.start();
  const [first] = all;
  const results = await first!.ingest(Array.from({ length: 10 }, (_, n) => trigger(`key ${n}`)));
  for (let minute = 0; minute < 120; minute++) {
    await clock.advance(MINUTE);
    const answered = results[minute % 20];
    const tocsin = all[minute % nodes]!;
    if (minute % 20 < 5 && answered?.incidentId !== undefined)
      await tocsin.incidents.acknowledge(answered.incidentId, { by: 'ben' }).catch(() => {});
  }
  const titles = new Map((await first!.incidents.list()).items.map(({ id, title }) => [id, title]));
  for (const tocsin of all) await tocsin.stop();
  return [...channels.sms.sent, ...channels.voice.sent]
    .map(
      ({ message }) =>
        `${titles.get(message.incidentId ?? '')} ${message.to.user} ${message.to.contact} ${message.sentAt - T0}`,
    )
    .sort();
}

test('three nodes, one of them five minutes fast and one slow, deliver what one node delivers, and nothing twice', async () => {
  const one = await run(1, () => 0);
  expect(one.length).toBeGreaterThan(50);
  const three = await run(3, (node) => (node - 1) * 5 * MINUTE);
  expect(three).toEqual(one);
  expect(await run(2, (node) => node * 24 * HOUR)).toEqual(one);
});
