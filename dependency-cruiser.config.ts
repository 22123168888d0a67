/**
 * Who may import whom (types included): the layers of the house, checked on every run.
 *
 * Each rule forbids; what no rule forbids is allowed. test/architecture.test.ts plants a violation of each.
 */
import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser';

const adapters = 'storage|runners|notifiers|chat-rooms|issue-trackers';
const corePackages = 'xstate|zod|luxon|rrule|re2js|@types/luxon';
const anyPackage = ['^node_modules/', '/node_modules/'];

/** A rule of the form "files under `from` reach nothing in src but `allowed`". */
const onlyReaches = (name: string, from: string, allowed: string[]): IForbiddenRuleType => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: allowed },
});

/** A rule of the form "files under `from` use no package but these". */
const onlyUses = (name: string, from: string, packages: string): IForbiddenRuleType => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: anyPackage, pathNot: packages === '' ? [] : [`node_modules/(${packages})/`] },
});

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      comment: 'What src imports is a dependency or a peer, except for types that the build leaves out.',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only', 'npm-peer'],
        pathNot: 'node_modules/@types/',
      },
    },
    onlyReaches('errors-alone', '^src/errors\\.ts$', []),
    onlyReaches('model-first', '^src/model/', ['^src/(model/|errors\\.ts$)']),
    onlyReaches('core-below-ports', '^src/core/', ['^src/((core|model)/|errors\\.ts$)']),
    onlyReaches('ports-below-engine', '^src/ports/', ['^src/((ports|core|model)/|errors\\.ts$)']),
    onlyReaches('engine-knows-ports-only', '^src/engine/', ['^src/((engine|ports|core|model)/|errors\\.ts$)']),
    onlyReaches('adapters-apart', `^src/(${adapters})/([^/.]+)`, [
      '^src/((ports|model)/|errors\\.ts$)',
      '^src/$1/$2(/|\\.ts$)',
      '^src/$1/http/',
      '^src/notifiers/http/',
      '^src/$1/wake-loop\\.ts$',
      '^src/core/text/',
    ]),
    {
      name: 'text-is-for-notifiers',
      severity: 'error',
      comment: 'And for chat rooms and issue trackers, which also ask by HTTP as notifiers do.',
      from: { path: '^src/(storage|runners)/' },
      to: { path: '^src/(core/text|notifiers/http)/' },
    },
    onlyReaches('edges-stay-thin', '^src/(sources|interactions|render)/([^/.]+)', [
      '^src/(model/|errors\\.ts$|core/)',
      '^src/ports/source\\.ts$',
      '^src/$1/',
      '^src/callbacks/',
    ]),
    onlyReaches('callbacks-below-edges', '^src/callbacks/', ['^src/(callbacks/|errors\\.ts$)']),
    {
      name: 'callbacks-are-for-edges',
      severity: 'error',
      comment: 'What a provider sends is verified by the edges that read it.',
      from: { path: '^src/(storage|runners|notifiers|chat-rooms|issue-trackers|render|model|core|ports)/' },
      to: { path: '^src/callbacks/' },
    },
    {
      name: 'edges-take-core-types',
      severity: 'error',
      comment: 'Of the core they use types, and core/text.',
      from: { path: '^src/(sources|interactions|render)/' },
      to: { path: '^src/(core|ports)/', pathNot: '^src/core/text/', dependencyTypesNot: ['type-only'] },
    },
    onlyReaches('http-sees-the-face', '^src/http/', [
      '^src/(http|render|model)/',
      '^src/errors\\.ts$',
      '^src/engine/tocsin\\.ts$',
    ]),
    {
      name: 'http-takes-the-type',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: '^src/engine/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'index-is-the-top',
      severity: 'error',
      from: { pathNot: '^src/index\\.ts$' },
      to: { path: '^src/(index|create-tocsin)\\.ts$' },
    },
    {
      name: 'pure-without-node',
      severity: 'error',
      // A signature is a function of its input as well: one file computes them all.
      from: { path: '^src/(core|model|callbacks|sources|interactions|render)/', pathNot: '^src/callbacks/mac\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    onlyUses('core-packages', '^src/core/', corePackages),
    onlyUses('model-packages', '^src/model/', 'zod'),
    onlyUses('source-packages', '^src/(sources|interactions|callbacks)/', 'zod|secure-json-parse'),
    onlyUses('port-packages', '^src/(ports/|errors\\.ts$)', ''),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
} satisfies IConfiguration;
