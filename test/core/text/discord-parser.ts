/**
 * A strict reader of Discord's markup, for tests: it takes for markup whatever Discord could take for markup.
 *
 * Mentions are looked for before any escape is read, because a backslash does not keep one from ringing.
 */

/** What Discord would show that is not the text itself. */
export type DiscordNode = { readonly kind: 'mention' | 'block' | 'inline' | 'link'; readonly text: string };

/** Every node of markup in `source`, and the text as it is shown. */
export function readDiscord(source: string): { readonly nodes: readonly DiscordNode[]; readonly shown: string } {
  const nodes: DiscordNode[] = [];
  for (const [text] of source.matchAll(/@(?:everyone|here)|<@[!&]?\d+>/gi)) nodes.push({ kind: 'mention', text });
  const shown: string[] = [];
  for (const line of source.split(/[\n\u2028\u2029]/)) {
    const block = /^[ \t]*(?:#{1,3} |-# |[-*+] |>{1,3} |\d+[.)] )/.exec(line);
    if (block !== null) nodes.push({ kind: 'block', text: line });
    shown.push(readLine(line, nodes));
  }
  return { nodes, shown: shown.join('\n') };
}

function readLine(line: string, nodes: DiscordNode[]): string {
  let shown = '';
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    const next = line.charAt(at + 1);
    if (char === '\\' && /[^0-9A-Za-z\s]/.test(next)) {
      shown += next;
      at += 1;
      continue;
    }
    if (/[*_~`|<>[\]]/.test(char)) nodes.push({ kind: 'inline', text: line.slice(at) });
    if (char === ':' && line.startsWith('//', at + 1)) nodes.push({ kind: 'link', text: line.slice(at) });
    shown += char;
  }
  return shown;
}
