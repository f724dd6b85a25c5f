import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { UnaryHandler } from '@everline/chassis';
import type { PostRequest, PostResponse } from '@everline/contracts';
import { idIn, nameIn, postText } from './fields.js';
import { granted, reignOf, type Services } from './services.js';

export function post(services: Services): UnaryHandler<PostRequest, PostResponse> {
  return async (request, context) => {
    const author = nameIn('username', request.username);
    const draft = {
      kind: 'post',
      id: idIn('post_id', request.postId),
      author,
      text: postText(request.text),
    } as const;
    const reign = await reignOf(services, context);
    const { outcome, copies } = await reign.propose(draft, context);
    const done = granted(outcome);
    return done.kind === 'post' ? response(done.post, copies) : new Uint8Array();
  };
}

/** A PostResponse around the post's bytes as they are stored. */
function response(bytes: Uint8Array, copies: number): Uint8Array {
  return new BinaryWriter().uint32(10).bytes(bytes).uint32(16).uint32(copies).finish();
}
