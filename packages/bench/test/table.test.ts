import { describe, expect, test } from '@jest/globals';
import { type Bar, isMet } from '../src/bars.js';
import type { Machine } from '../src/machine.js';
import { numberOf } from '../src/report/number.js';
import { barTable, markdownTable } from '../src/report/table.js';
import { merge, type Result } from '../src/results.js';

const machine: Machine = { cores: 2, cpu: 'x', memoryGiB: 4, system: 's', node: '20', versions: {} };
const result = (subject: string, values: readonly number[]): Result => ({
  subject,
  what: 'pauses',
  day: '2026-01-01',
  quick: false,
  machine,
  settings: {},
  figures: [{ id: `${subject}/pause`, what: 'pause', unit: 'ms', values }],
});
const bar: Bar = {
  work: 'kill',
  figure: 'kill/pause',
  statistic: 'p50',
  bound: 'at most',
  value: 30,
  unit: 'ms',
};

describe('the table', () => {
  test('a bar is met or not by its own statistic', () => {
    expect(isMet(bar, [10, 20, 900])).toBe(true);
    expect(isMet({ ...bar, statistic: 'max' }, [10, 20, 900])).toBe(false);
    expect(isMet({ ...bar, bound: 'at least' }, [10, 20, 900])).toBe(false);
  });

  test('every bar has its row, also the one that nobody measured', () => {
    const table = barTable(
      [bar, { ...bar, work: 'stop', figure: 'stop/pause' }],
      [result('kill', [10, 20, 900])],
    );
    expect(table.split('\n').slice(2)).toEqual([
      '| kill | ≤ 30 ms | 20 ms | 10 – 900 | 3 | yes |',
      '| stop | ≤ 30 ms | not measured |  |  |  |',
    ]);
  });

  test('what is text in a cell does not end it', () => {
    expect(markdownTable([['a|b'], ['c\nd']])).toBe('| a\\|b |\n| --- |\n| c d |');
  });

  test('numbers have three digits that count, and thousands apart', () => {
    expect([1234567, 123.4, 12.34, 1.234, 0].map(numberOf)).toEqual([
      '1,234,567',
      '123',
      '12.3',
      '1.23',
      '0',
    ]);
    expect(numberOf(Number.NaN)).toBe('–');
  });

  test('a subject that was measured again takes the place of its older result, others stay', () => {
    const merged = merge([result('kill', [1]), result('stop', [2])], [result('kill', [3])]);
    expect(merged.map(({ subject, figures }) => [subject, figures[0]?.values[0]])).toEqual([
      ['stop', 2],
      ['kill', 3],
    ]);
  });
});
