import { describe, expect, test } from 'vitest';
import { parseMatchers } from '../../../src/core/rules/matcher.ts';
import { refusal } from './refusal.ts';

const env = { name: 'env', op: '=', value: 'prod' };

describe('read', () => {
  test.each([
    ['env="prod"', [env]],
    ['env=prod', [env]],
    ['{env="prod"}', [env]],
    ['{env=prod}', [env]],
    ['  { env = "prod" }  ', [env]],
    ['{env="prod",}', [env]],
    ['env="prod",', [env]],
    ['"env"="prod"', [env]],
    ['env!="prod"', [{ ...env, op: '!=' }]],
    ['env=~"prod"', [{ ...env, op: '=~' }]],
    ['env!~"prod"', [{ ...env, op: '!~' }]],
    ['env =~ prod.*|dev', [{ name: 'env', op: '=~', value: 'prod.*|dev' }]],
    [
      '{a="b", c=~"d|e"}',
      [
        { name: 'a', op: '=', value: 'b' },
        { name: 'c', op: '=~', value: 'd|e' },
      ],
    ],
    [
      'a=b,c!=d\n,e!~f',
      [
        { name: 'a', op: '=', value: 'b' },
        { name: 'c', op: '!=', value: 'd' },
        { name: 'e', op: '!~', value: 'f' },
      ],
    ],
    ['env=""', [{ ...env, value: '' }]],
    ['env="a,b}{=~!"', [{ ...env, value: 'a,b}{=~!' }]],
    ['env="say \\"hi\\""', [{ ...env, value: 'say "hi"' }]],
    ['env="a\\\\b\\nc"', [{ ...env, value: 'a\\b\nc' }]],
    ['env=~"\\d+\\.x"', [{ name: 'env', op: '=~', value: '\\d+\\.x' }]],
    ['"größe.kubernetes/io"="XL"', [{ name: 'größe.kubernetes/io', op: '=', value: 'XL' }]],
    ['größe=XL', [{ name: 'größe', op: '=', value: 'XL' }]],
    ['"a b"="c d"', [{ name: 'a b', op: '=', value: 'c d' }]],
    ['instance=10.0.0.1:9090', [{ name: 'instance', op: '=', value: '10.0.0.1:9090' }]],
    ['path=(a|b)/[c]*', [{ name: 'path', op: '=', value: '(a|b)/[c]*' }]],
  ])('%j', (text, expected) => {
    expect(parseMatchers(text, '')).toEqual(expected);
  });
});

describe('refused', () => {
  test.each([
    ['', 'expected a matcher at position 1 of "", found the end'],
    ['   ', 'expected a matcher at position 4'],
    ['{}', 'expected a matcher at position 2 of "{}", found "}"'],
    ['{ }', 'expected a matcher'],
    ['{', 'expected \'}\' at position 2 of "{", found the end'],
    ['{env="prod"', "expected '}' at position 12"],
    ['env="prod"}', 'expected \',\' at position 11 of "env=\\"prod\\"}", found "}"'],
    ['env', 'expected =, !=, =~ or !~ at position 4 of "env", found the end'],
    ['env prod', 'expected =, !=, =~ or !~ at position 5'],
    ['env!prod', 'expected =, !=, =~ or !~ at position 4'],
    ['env~prod', 'expected =, !=, =~ or !~ at position 4'],
    ['env=', 'expected a value (an empty one is "") at position 5'],
    ['env==prod', 'expected a value (an empty one is "") at position 5'],
    ['="prod"', 'expected a label name at position 1'],
    ['env="prod', 'expected a closing double quote at position 10'],
    ['env="prod\\"', 'expected a closing double quote'],
    ['{env="prod}', 'expected a closing double quote'],
    ["env='prod'", 'expected a value'],
    ['env=`prod`', 'expected a value'],
    ['env=\\d', 'expected a value'],
    ['env=prod dev', "expected ',' at position 10"],
    ['a=b,,c=d', 'expected a label name at position 5'],
    [',a=b', 'expected a label name at position 1'],
    ['{a=b}c=d', "expected '}'"],
    ['__proto__="x"', '"__proto__" cannot be the name of a label'],
    ['constructor=x', '"constructor" cannot be the name of a label'],
    ['""="x"', '"" cannot be the name of a label'],
    [`a="${'x'.repeat(4_096)}"`, 'the matcher has 4100 characters. Use at most 4096.'],
  ])('%j', (text, problem) => {
    const { code, path, message } = refusal(() => parseMatchers(text, 'routes[0].when'));
    expect({ code, path }).toEqual({ code: 'RULE_INVALID', path: 'routes[0].when' });
    expect(message).toContain(problem);
  });

  test('a text of exactly 4,096 characters is read', () => {
    expect(parseMatchers(`a="${'x'.repeat(4_092)}"`, '')[0]?.value).toHaveLength(4_092);
  });
});
