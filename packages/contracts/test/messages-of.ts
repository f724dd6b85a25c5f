import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

/** Every message that the `.proto` files below `folder` define, read from them at run time. */
export function messagesOf(folder: string): protobuf.Type[] {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) =>
    target.startsWith('google/protobuf/')
      ? target
      : target.startsWith(folder)
        ? target
        : join(folder, target);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.proto'),
  );
  root.loadSync(files.map((file) => join(folder, file)));
  root.resolveAll();
  return typesIn(root).filter(
    (type) => !type.fullName.startsWith('.google.') && !type.fullName.startsWith('.grpc.'),
  );
}

function typesIn(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (nested instanceof protobuf.Type) return [nested];
    return nested instanceof protobuf.Namespace ? typesIn(nested) : [];
  });
}
