/**
 * Draws Vega-Lite specifications as dashboards do, and tells what Vega complained of.
 */
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { VegaLiteSpec } from '../../../src/render/index.ts';

/** The picture of a specification, and everything that was complained of on the way. */
export async function renderSpec(
  spec: VegaLiteSpec,
): Promise<{ readonly svg: string; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const logger = listening(warnings);
  const { spec: compiled } = compile(structuredClone(spec) as unknown as TopLevelSpec, { logger });
  const view = new View(parse(compiled), { renderer: 'none', logger });
  const svg = await view.toSVG();
  view.finalize();
  return { svg, warnings };
}

function listening(warnings: string[]) {
  const note = (...messages: readonly unknown[]) => {
    warnings.push(messages.map(String).join(' '));
    return logger;
  };
  const quiet = () => logger;
  const logger = { level: ((_: number) => logger) as never, error: note, warn: note, info: quiet, debug: quiet };
  return logger;
}
