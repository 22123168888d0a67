/**
 * Receiving: the receiver of webhooks, as the measurements begin, ask and end it.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A receiver in a process of its own, and how to end it. */
export async function startReceiver(): Promise<{ readonly url: string; stop(): void }> {
  const child = spawn(process.execPath, [new URL('receiver.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
  return { url: `http://127.0.0.1:${port}/`, stop: () => void child.kill() };
}

/** How many messages it has received. */
export async function receivedBy(url: string): Promise<number> {
  return Number(await (await fetch(new URL('count', url))).text());
}
