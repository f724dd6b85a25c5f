import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import {
  CallEnded,
  DeadlineExceeded,
  failureOf,
  isUnexpected,
  Refusal,
  RpcFailed,
  refusalOf,
  statusOf,
} from '../src/index.js';
import { message } from '../src/protobuf/fields.js';

const details = 'grpc-status-details-bin';

function overTheWire(error: unknown): ServiceError {
  const { code, details: text, metadata } = statusOf(error);
  return Object.assign(new Error(text), { code, details: text, metadata });
}

function withDetails(bytes: Buffer): ServiceError {
  const metadata = new Metadata();
  metadata.set(details, bytes);
  return Object.assign(new Error('x'), { code: status.ABORTED, details: 'x', metadata });
}

describe('a refusal', () => {
  test('comes back from the wire as it was thrown', () => {
    for (const options of [
      {},
      { metadata: { field: 'text', limit: '4,096 bytes', '': 'ü' } },
      { retryAfterMs: 0 },
      { retryAfterMs: 1 },
      { retryAfterMs: 86_400_123 },
    ]) {
      const thrown = new Refusal(status.INVALID_ARGUMENT, 'FIELD_INVALID', 'text is too long', options);
      expect(refusalOf(overTheWire(thrown))).toMatchObject({
        code: status.INVALID_ARGUMENT,
        reason: 'FIELD_INVALID',
        message: 'text is too long',
        metadata: options.metadata ?? {},
        retryAfterMs: options.retryAfterMs,
      });
    }
  });

  test('is written as google.rpc.Status with ErrorInfo, byte for byte', () => {
    const [bytes] = statusOf(new Refusal(status.NOT_FOUND, 'R', 'm', { metadata: { k: 'v' } })).metadata.get(
      details,
    );
    const info = `0a01521208${Buffer.from('everline').toString('hex')}1a060a016b120176`;
    const type = Buffer.from('type.googleapis.com/google.rpc.ErrorInfo').toString('hex');
    const any = `0a28${type}12${(info.length / 2).toString(16)}${info}`;
    expect((bytes as Buffer).toString('hex')).toBe(`080512016d1a${(any.length / 2).toString(16)}${any}`);
  });

  test('of another domain, or one that cannot be read, is none of ours', () => {
    const type = 'type.googleapis.com/google.rpc.ErrorInfo';
    const foreign = message(
      [1, 10],
      [3, message([1, type], [2, message([1, 'QUOTA'], [2, 'googleapis.com'])])],
    );
    expect(refusalOf(withDetails(foreign))).toBeUndefined();
    for (const hex of ['', 'ff', '1a7f00', '1a020aff'])
      expect(refusalOf(withDetails(Buffer.from(hex, 'hex')))).toBeUndefined();
    expect(refusalOf(withDetails(Buffer.alloc(100_000)))).toBeUndefined();
    expect(failureOf(withDetails(foreign))).toMatchObject({
      name: 'RpcFailed',
      code: status.ABORTED,
      details: 'x',
    });
  });
});

describe('statusOf', () => {
  test('hides what is unexpected, whatever was thrown', () => {
    for (const thrown of [
      new Error('secret'),
      'secret',
      undefined,
      null,
      7,
      { code: 5, details: 'secret' },
      new RpcFailed(status.UNAVAILABLE, 'secret'),
    ]) {
      expect(isUnexpected(thrown)).toBe(true);
      const found = statusOf(thrown);
      expect(found.code).toBe(status.INTERNAL);
      expect(JSON.stringify([found.details, found.metadata])).not.toContain('secret');
      expect(refusalOf(overTheWire(thrown))).toMatchObject({ reason: 'UNEXPECTED' });
    }
  });

  test('keeps the code of a deadline, a cancelled call and an abort', () => {
    expect(statusOf(new DeadlineExceeded('flush', 20))).toMatchObject({
      code: status.DEADLINE_EXCEEDED,
      details: 'flush took longer than 20 ms',
    });
    expect(statusOf(new CallEnded(status.CANCELLED)).code).toBe(status.CANCELLED);
    expect(statusOf(AbortSignal.abort().reason).code).toBe(status.CANCELLED);
  });

  test('bounds the sentence, and mends half a surrogate pair', () => {
    expect(statusOf(new Refusal(status.ABORTED, 'R', 'x'.repeat(5_000))).details.length).toBeLessThan(1_100);
    expect(statusOf(new Refusal(status.ABORTED, 'R', `half ${'\ud83d'}`)).details).toBe('half \ufffd');
  });
});
