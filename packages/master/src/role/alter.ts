// AlterInSync (M4, M5): one question to the router, and its answer as an event. No answer is an answer of its own.
import { callUnary, Refusal } from '@everline/chassis';
import type { RouterServiceClient } from '@everline/contracts';
import type { Configuration } from '@everline/protocol';
import type { Ask } from '@everline/protocol/replica';
import { configurationOf } from './router-wire.js';

/** Above a flush of the router's state on a slow disk; the question is asked anew long before, and both answers are welcome. */
const alterMs = 2000;

export type Answered =
  | { readonly answer: 'done'; readonly configuration: Configuration | undefined }
  | { readonly answer: 'refused'; readonly why: string }
  | { readonly answer: 'unknown'; readonly why: string };

export async function alter(
  client: RouterServiceClient | undefined,
  masterId: string,
  { epoch, version, inSyncIds }: Ask,
  signal: AbortSignal,
): Promise<Answered> {
  if (client === undefined) return { answer: 'unknown', why: 'no link to a router' };
  const request = { masterId, epoch: BigInt(epoch), version: BigInt(version), inSyncIds };
  try {
    const response = await callUnary(client.alterInSync.bind(client), request, {
      deadlineMs: alterMs,
      signal,
    });
    const { configuration } = response;
    return { answer: 'done', configuration: configuration && configurationOf(configuration) };
  } catch (error) {
    const why = String(error);
    return error instanceof Refusal ? { answer: 'refused', why } : { answer: 'unknown', why };
  }
}
