import { ReportDeathRequest, RouterServiceService } from '@everline/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeReport, reportDeathPath } from '../../src/report/encode.js';

describe('the report by hand', () => {
  it('is read by the generated code as it was meant, whatever the strings', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.string({ minLength: 100, maxLength: 20_000 }),
    );
    fc.assert(
      fc.property(text, text, text, (masterId, incarnation, how) => {
        const frame = encodeReport({ masterId, incarnation, how });
        expect(frame[0]).toBe(0);
        expect(frame.readUInt32BE(1)).toBe(frame.length - 5);
        const clean = (value: string): string => Buffer.from(value, 'utf8').toString('utf8');
        expect(ReportDeathRequest.decode(frame.subarray(5))).toEqual({
          masterId: clean(masterId),
          incarnation: clean(incarnation),
          how: clean(how),
        });
      }),
    );
  });

  it('goes to the path of the contract', () => {
    expect(reportDeathPath).toBe(RouterServiceService.reportDeath.path);
  });
});
