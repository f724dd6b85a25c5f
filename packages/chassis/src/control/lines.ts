/** JSON, one object a line, from somebody who may be hostile: bounded in length, and anything else ends the conversation. */

/** Longer than any line of ours: the longest carries a status with the last lines of a child's output. */
export const maxLineBytes = 64 * 1024;

export type Message = Readonly<Record<string, unknown>> & { readonly type: string };

export interface LineReader {
  /** Takes what arrived; false when this peer broke the rules and must be cut off. */
  push(chunk: Buffer): boolean;
}

export function createLineReader(onMessage: (message: Message) => void): LineReader {
  let rest: Buffer[] = [];
  let restBytes = 0;

  function take(line: Buffer): boolean {
    const message = parseMessage(line);
    if (message !== undefined) onMessage(message);
    return message !== undefined;
  }

  return {
    push(chunk) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        const line = Buffer.concat([...rest, chunk.subarray(from, end)]);
        rest = [];
        restBytes = 0;
        from = end + 1;
        if (line.length > maxLineBytes || !take(line)) return false;
      }
      if (from < chunk.length) {
        rest.push(chunk.subarray(from));
        restBytes += chunk.length - from;
      }
      return restBytes <= maxLineBytes;
    },
  };
}

export function encodeLine(message: Message): string {
  return `${JSON.stringify(message)}\n`;
}

function parseMessage(line: Buffer): Message | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return isRecord(value) && typeof value.type === 'string' ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
