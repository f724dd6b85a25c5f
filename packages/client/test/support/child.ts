import { connect } from '../../src/index.js';

/** A process that uses a client in every way, closes it, and then has nothing to do. Its ending is the test. */
const [routers = '', how = 'close'] = process.argv.slice(2);
const abort = new AbortController();
const client = connect({ routers, user: 'u1', signal: abort.signal, timeoutMs: 3_000 });
const timeline = client.timeline();
const reading = (async () => {
  for await (const event of timeline) if (event.kind === 'entry') process.send?.(event.post.text);
})().catch((error: Error) => process.send?.(error.name));
if (how !== 'unreachable') {
  await client.login('u1', { exclusive: true });
  await Promise.all(Array.from({ length: 30 }, () => client.post('hello')));
  for await (const outcome of client.posts(['p1', 'p2'])) process.send?.(outcome.kind);
}
const waiting = client.post('in flight').catch((error: Error) => process.send?.(error.name));
if (how === 'abort') abort.abort();
else await client.close();
await Promise.all([reading, waiting]);
process.disconnect?.();
