import { fstatSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { VerbContext } from './verb.js';

const stdout = 1;

/** To stdout at the pace of its reader; false once there is none. */
export function createPrint(): VerbContext['print'] {
  const stat = fstatSync(stdout);
  if (!stat.isFIFO() && !stat.isSocket()) {
    return async (text) => {
      const bytes = typeof text === 'string' ? Buffer.from(text) : text;
      for (let written = 0; written < bytes.length; ) written += writeSync(stdout, bytes, written);
      return true;
    };
  }
  const socket = new Socket({ fd: stdout, readable: false, writable: true });
  socket.on('error', () => undefined);
  return (text) =>
    new Promise((resolve) => {
      if (socket.destroyed) resolve(false);
      else socket.write(text, (error) => resolve(error === null || error === undefined));
    });
}
