import { describe, expect, test } from '@jest/globals';
import { plot } from '../src/report/plot.js';

describe('the plot', () => {
  test('a line reaches from the smallest round to the largest, and the dot is the median', () => {
    const svg = plot([{ id: 'a/b', what: 'pause', unit: 'ms', values: [50, 100, 25] }]);
    expect(svg).toContain('<line x1="387.5" y1="29" x2="650.0"');
    expect(svg).toContain('<circle cx="475.0"');
    expect(svg).toContain('50 ms');
  });

  test('text is text, and counts are left to the table', () => {
    const svg = plot([
      { id: 'a/b', what: 'a < b & c', unit: 'ms', values: [1] },
      { id: 'a/c', what: 'failed', unit: 'calls', values: [0] },
    ]);
    expect(svg).toContain('a &lt; b &amp; c');
    expect(svg).not.toContain('failed');
  });
});
