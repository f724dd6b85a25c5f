import {
  NotKept,
  OutcomeUnknown,
  openMemoryStore,
  sharedMemory,
} from '../../src/configuration-store/index.js';
import { contract } from './contract.js';

contract('memory', async () => {
  const shared = sharedMemory();
  let failing: 'before' | 'after' | undefined;
  return {
    open: async () =>
      openMemoryStore(shared, (moment) => {
        if (moment !== failing) return;
        failing = undefined;
        throw moment === 'before' ? new NotKept('on purpose') : new OutcomeUnknown('on purpose');
      }),
    failNext: (moment) => {
      failing = moment;
    },
    [Symbol.asyncDispose]: async () => {},
  };
});
