/**
 * A receiver of action items, over real HTTP: it keeps an issue for each, as somebody would who has read docs/issue-trackers.md.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TrackedItemPost } from '../../../src/issue-trackers/webhook.ts';
import type { TrackerAnswer } from '../../../src/testing/index.ts';

export type Issue = { readonly id: string; title: string; status: string };

export type IssueReceiver = {
  readonly url: string;
  readonly issues: Issue[];
  /** Every request that it read, in order. */
  readonly posts: {
    readonly post: TrackedItemPost;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
  mood: TrackerAnswer;
  /** Another answer to a post that was taken. */
  answer: ((issue: Issue) => unknown) | undefined;
  close(): void;
};

export const BUSY_S = 7;

/** Answers on a free port of this machine; `path` is a secret that only whoever posts knows. */
export async function issueReceiver(path: string): Promise<IssueReceiver> {
  const byKey = new Map<string, Issue>();
  const receiver = { issues: [] as Issue[], posts: [] as IssueReceiver['posts'], mood: 'takes' as TrackerAnswer };

  function taken({ type, id, item, issueId }: TrackedItemPost): Issue | undefined {
    const known = byKey.get(id) ?? receiver.issues.find((issue) => issue.id === issueId);
    if (type === 'actionItem.updated') {
      if (known !== undefined) Object.assign(known, { title: item.title, status: item.status });
      return known;
    }
    if (known !== undefined) return known;
    const issue = { id: `ISSUE-${byKey.size + 1}`, title: item.title, status: item.status };
    byKey.set(id, issue);
    receiver.issues.push(issue);
    return issue;
  }

  async function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { mood } = receiver;
    if (mood === 'hangs') return;
    // It repeats what it was asked, as some do.
    const told = `${request.url} ${request.headers.authorization} ${body}`;
    if (mood === 'fails') return void response.writeHead(503).end(told);
    if (mood === 'refuses') return void response.writeHead(403).end(told);
    if (mood === 'busy') return void response.writeHead(429, { 'retry-after': String(BUSY_S) }).end(told);
    const post = JSON.parse(body) as TrackedItemPost;
    receiver.posts.push({ post, headers: request.headers, body });
    const issue = taken(post);
    if (mood === 'loses') return void request.socket.destroy();
    if (issue === undefined) return void response.writeHead(410).end();
    const answer =
      made.answer === undefined ? { id: issue.id, url: `https://issues.example/${issue.id}` } : made.answer(issue);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(answer === undefined ? '' : JSON.stringify(answer));
  }

  const server = createServer((request, response) => void answered(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const made: IssueReceiver = Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`,
    answer: undefined,
    close() {
      server.close();
      server.closeAllConnections();
    },
  });
  return made;
}
