/**
 * everline.router.v1.ReportDeathRequest, by hand: three strings are not worth loading a gRPC library for (W11). The tests read it back with the generated code.
 */
import type { DeathNotice } from '../state-file.js';

export const reportDeathPath = '/everline.router.v1.RouterService/ReportDeath';

/** A gRPC message: not compressed, its length, its bytes. */
export function encodeReport({ masterId, incarnation, how }: DeathNotice): Buffer {
  const message = Buffer.concat([field(1, masterId), field(2, incarnation), field(3, how)]);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  return Buffer.concat([frame, message]);
}

/** Wire type 2: length-delimited. An empty string is not sent (proto3). */
function field(number: number, text: string): Buffer {
  if (text === '') return Buffer.alloc(0);
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
