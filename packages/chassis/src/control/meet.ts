import { connect, type Socket } from 'node:net';
import type { Clock } from '../clock.js';
import type { ControlAddress } from './address.js';
import { createLineReader, type Message } from './lines.js';
import { type Hello, parseHello } from './messages.js';

/**
 * What is found at an address: nobody (the lock is free), a process that hangs up (it is just ending), one that accepts and says nothing (frozen),
 * one that speaks another language, or one that introduces itself.
 */
export type Meeting =
  | { readonly kind: 'free' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'strange' }
  | {
      readonly kind: 'met';
      readonly hello: Hello;
      readonly socket: Socket;
      /** To be set at once: every message after the hello. */
      receive(onMessage: (message: Message) => void): void;
    };

export function meet(address: ControlAddress, clock: Clock, deadlineMs: number): Promise<Meeting> {
  return new Promise((resolve) => {
    const socket = connect(address.path);
    let onMessage = greeted;
    const reader = createLineReader((message) => onMessage(message));
    // W10: after a freeze of our own the timer fires before what has arrived is read; one turn of the loop later it has been.
    const cancel = clock.after(deadlineMs, () => clock.soon(() => settle({ kind: 'silent' })));
    let settled = false;

    function greeted(message: Message): void {
      const hello = parseHello(message);
      const receive = (next: (message: Message) => void): void => {
        onMessage = next;
      };
      settle(hello === undefined ? { kind: 'strange' } : { kind: 'met', hello, socket, receive });
    }

    function settle(meeting: Meeting): void {
      if (settled) return;
      settled = true;
      cancel();
      if (meeting.kind !== 'met') socket.destroy();
      resolve(meeting);
    }

    socket.on('data', (chunk) => {
      if (reader.push(chunk)) return;
      settle({ kind: 'strange' });
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => settle(meetingOf(error)));
    socket.on('close', () => settle({ kind: 'closed' }));
  });
}

function meetingOf({ code }: NodeJS.ErrnoException): Meeting {
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return { kind: 'free' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'closed' };
  // EAGAIN: its queue of callers is full, nobody takes them. Anything else (EACCES) is somebody else's.
  return { kind: code === 'EAGAIN' ? 'silent' : 'strange' };
}
