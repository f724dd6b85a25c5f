/** A process that echoes, and hangs when it is told "hang". Tells its port to its parent. */
import { createRpcServer, systemClock } from '../../src/index.js';
import { memoryLog } from '../support/memory-log.js';
import { EchoService } from './echo.js';

const server = createRpcServer({ log: memoryLog(), clock: systemClock });
server.add(EchoService, {
  say: (request) => (request.text === 'hang' ? new Promise(() => {}) : request),
  count: async () => {},
  sum: () => new Promise(() => {}),
  chat: async () => {},
  hotChat: async () => {},
});
const { port } = await server.listen(`127.0.0.1:${process.argv[2] ?? 0}`);
process.send?.(port);
