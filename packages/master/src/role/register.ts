// AddMaster: who this is and what it has. Some refusals no later try can change.
import { callUnary, Refusal } from '@everline/chassis';
import type { AddMasterRequest, AddMasterResponse, RouterServiceClient } from '@everline/contracts';
import { hopeless } from '../errors.js';

/** The router's answer to a registration, well above a flush of its state. */
const registerMs = 2000;

export async function register(
  client: RouterServiceClient,
  router: string,
  request: AddMasterRequest,
  signal: AbortSignal,
): Promise<AddMasterResponse> {
  try {
    return await callUnary(client.addMaster.bind(client), request, { deadlineMs: registerMs, signal });
  } catch (error) {
    throw error instanceof Refusal ? (finalWord(error, router) ?? error) : error;
  }
}

/** R7, R9: what a person has to decide. */
function finalWord(refused: Refusal, router: string): Error | undefined {
  switch (refused.reason) {
    case 'FOREIGN_CLUSTER':
      return hopeless(`the router at ${router} belongs to another cluster: ${refused.message}`, refused);
    case 'DATA_LOST':
      return hopeless(
        `this data directory has lost acknowledged entries: ${refused.message}; start once with --reset-from-peers to fetch everything anew`,
        refused,
      );
    default:
      return undefined;
  }
}
