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
    ['title=disk is full , env=prod', [{ name: 'title', op: '=', value: 'disk is full' }, env]],
    ['env=', [{ ...env, value: '' }]],
    [
      '{env=, a=b}',
      [
        { ...env, value: '' },
        { name: 'a', op: '=', value: 'b' },
      ],
    ],
    ['env=~[a-z]{2}\\d+', [{ name: 'env', op: '=~', value: '[a-z]{2}\\d+' }]],
    ['env=a\\nb\\"\\\\', [{ ...env, value: 'a\nb"\\' }]],
    ['env=end\\', [{ ...env, value: 'end\\' }]],
    // Classic keeps what the UTF-8 way would take for an escape; where both can read a text, classic goes first.
    ['env="\\xf0\\x9f\\x99\\x82"', [{ ...env, value: '\\xf0\\x9f\\x99\\x82' }]],
    ['"env"="\\xf0\\x9f\\x99\\x82"', [{ ...env, value: '🙂' }]],
    ['"env"="\\u00e9\\U0001f642\\101\\t\\r\\a\\b\\f\\v"', [{ ...env, value: 'é🙂A\t\r\x07\b\f\v' }]],
    ['"foo!"="bar,baz"', [{ name: 'foo!', op: '=', value: 'bar,baz' }]],
    ['"\\"baz qux\\""!=x', [{ name: '"baz qux"', op: '!=', value: 'x' }]],
    ['app.name=~"a|b"', [{ name: 'app.name', op: '=~', value: 'a|b' }]],
    ['{🙂="🙂"}', [{ name: '🙂', op: '=', value: '🙂' }]],
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
    ['größe=', 'expected a value (an empty one is "") at position 7'],
    ['env==prod', 'expected a value at position 5'],
    ['env=~~prod', 'expected a value at position 6'],
    ['env=a"b', 'expected no double quote inside a value that does not start with one at position 6'],
    ['env=a}b', "expected ',' at position 6"],
    ['env=a{b', "expected '}' at position 8"],
    ['"env"="\\d"', 'expected an escape such as \\n, '],
    ['"env"="\\xff"', 'expected an escape such as'],
    ['"env"="\\ud83d"', 'expected an escape such as'],
    ['"env"="\\U00110000"', 'expected an escape such as'],
    ['"env"="\\', 'expected an escape such as'],
    ['="prod"', 'expected a label name at position 1'],
    ['env="prod', 'expected a closing double quote at position 10'],
    ['env="prod\\"', 'expected a closing double quote'],
    ['{env="prod}', 'expected a closing double quote'],
    ["env='prod'", 'expected a value'],
    ['env=`prod`', 'expected a value'],
    ['größe=\\d', 'expected a value'],
    ['größe=prod dev', "expected ',' at position 12"],
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
