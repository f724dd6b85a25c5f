// The bare transport: grpc-js and the same messages, nothing behind them. `node main.js PORT`
import { processArguments } from '@everline/chassis/config';
import { runProcess } from '@everline/chassis/lifecycle';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { bareService } from './service.js';

await runProcess('bare', async () => {
  const [port = '0'] = processArguments();
  const server = new Server({ 'grpc.max_concurrent_streams': 20_000, 'grpc.enable_channelz': 0 });
  const { definition, handlers } = bareService();
  server.addService(definition, handlers);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  return { [Symbol.asyncDispose]: async () => server.forceShutdown() };
});
