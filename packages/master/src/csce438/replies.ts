import type { CallContext } from '@everline/chassis';
import type { csce438, Reason } from '@everline/contracts';
import { isName, nameIn } from '../sns/fields.js';
import { reignOf, type Services } from '../sns/services.js';

/** What the original answers when a follow or unfollow is refused: always OK, with a text. */
export type Replies = Readonly<Partial<Record<Reason, string>>> & {
  readonly done: string;
  readonly unknown: string;
};

export async function changeFollow(
  services: Services,
  kind: 'follow' | 'unfollow',
  request: csce438.Request,
  context: CallContext,
  replies: Replies,
): Promise<csce438.Reply> {
  const { random, clock } = services;
  const username = nameIn('username', request.username);
  const [followee = ''] = request.arguments;
  if (!isName(followee)) return { msg: replies.unknown };
  const reign = await reignOf(services, context);
  const draft = {
    kind,
    id: random.uuidv7(clock.wallMs()),
    username,
    followee: followee.toLowerCase(),
  } as const;
  const { outcome } = await reign.propose(draft, context.signal);
  return { msg: outcome.kind === 'refused' ? (replies[outcome.reason] ?? replies.unknown) : replies.done };
}
