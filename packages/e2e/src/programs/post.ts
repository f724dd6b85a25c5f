// A program as somebody would write it with the product's own client: people who post, one thing after the other, until its input ends.
//   node post.js CLIENT ROUTER NAME…
// Writes what was acknowledged as lines of JSON; times are of the wall clock, in ms.
interface Client {
  post(text: string): Promise<{ readonly post: { readonly postId: string; readonly seq: number } }>;
  login(): Promise<unknown>;
  close(): Promise<void>;
}
type Connect = (options: { readonly routers: string; readonly user: string }) => Client;

/** So often lines are written: not one by one, which would cost more than the posts. */
const writeMs = 25;

const [client = '', routers = '', ...names] = process.argv.slice(2);
const { connect } = (await import(client)) as { readonly connect: Connect };
const people = names.map((user) => ({ author: user, client: connect({ routers, user }) }));
let lines: string[] = [];
let over = false;

const wallMs = (): number => performance.timeOrigin + performance.now();

async function post({ author, client: one }: (typeof people)[number]): Promise<void> {
  for (let count = 1; !over; count += 1) {
    const text = `number ${count}`;
    const begunMs = wallMs();
    const { postId, seq } = (await one.post(text)).post;
    const endedMs = wallMs();
    lines.push(JSON.stringify({ id: postId, author, text, seq, begunMs, endedMs }));
  }
}

function flush(): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
  lines = [];
}

process.stdin.resume().on('end', () => {
  over = true;
});
await Promise.all(people.map((one) => one.client.login()));
const timer = setInterval(flush, writeMs);
await Promise.all(people.map(post));
clearInterval(timer);
flush();
await Promise.all(people.map((one) => one.client.close()));
