import { bytesOf, numberOf, textOf, textsOf } from '../../protobuf/fields.js';

/** The files of a `FileDescriptorSet`, found by what they define. Field numbers are those of google/protobuf/descriptor.proto. */
export interface Descriptors {
  file(name: string): DescriptorFile | undefined;
  /** By the full name of a message, enum, service, method, field or extension. */
  fileOfSymbol(symbol: string): DescriptorFile | undefined;
  fileOfExtension(type: string, number: number): DescriptorFile | undefined;
  /** Undefined when no extension of it is known and it is not known itself. */
  extensionNumbers(type: string): readonly number[] | undefined;
  /** The file and all that it imports, each once, itself first. */
  withImports(file: DescriptorFile): readonly DescriptorFile[];
}

export interface DescriptorFile {
  readonly name: string;
  readonly imports: readonly string[];
  /** The FileDescriptorProto as it was compiled. */
  readonly bytes: Uint8Array;
}

/** @throws Error when an image is no FileDescriptorSet. */
export function readDescriptors(images: readonly Uint8Array[]): Descriptors {
  const files = new Map<string, DescriptorFile>();
  const symbols = new Map<string, DescriptorFile>();
  const extensions = new Map<string, Map<number, DescriptorFile>>();
  for (const image of images) {
    for (const bytes of bytesOf(image, 1)) {
      const file = { name: textOf(bytes, 1), imports: textsOf(bytes, 3), bytes };
      if (files.has(file.name)) continue;
      files.set(file.name, file);
      index(file, symbols, extensions);
    }
  }
  return {
    file: (name) => files.get(name),
    fileOfSymbol: (symbol) => symbols.get(symbol),
    fileOfExtension: (type, number) => extensions.get(type)?.get(number),
    extensionNumbers: (type) => {
      const known = extensions.get(type);
      return known === undefined && !symbols.has(type) ? undefined : [...(known?.keys() ?? [])];
    },
    withImports: (file) => [...reach(file, files)],
  };
}

function reach(file: DescriptorFile, files: ReadonlyMap<string, DescriptorFile>): Set<DescriptorFile> {
  const reached = new Set([file]);
  for (const { imports } of reached) {
    for (const name of imports) {
      const imported = files.get(name);
      if (imported !== undefined) reached.add(imported);
    }
  }
  return reached;
}

function index(
  file: DescriptorFile,
  symbols: Map<string, DescriptorFile>,
  extensions: Map<string, Map<number, DescriptorFile>>,
): void {
  const inPackage = (name: string, scope: string): string => (scope === '' ? name : `${scope}.${name}`);
  const add = (definition: Uint8Array, scope: string): string => {
    const name = inPackage(textOf(definition, 1), scope);
    symbols.set(name, file);
    return name;
  };
  const addExtension = (field: Uint8Array, scope: string): void => {
    add(field, scope);
    const type = textOf(field, 2).replace(/^\./, '');
    const known = extensions.get(type) ?? new Map<number, DescriptorFile>();
    extensions.set(type, known.set(numberOf(field, 3), file));
  };
  const addEnum = (definition: Uint8Array, scope: string): void => {
    add(definition, scope);
    // The values of an enum are siblings of it, as in C++.
    for (const value of bytesOf(definition, 2)) add(value, scope);
  };
  const addMessage = (definition: Uint8Array, scope: string): void => {
    const name = add(definition, scope);
    for (const part of [...bytesOf(definition, 2), ...bytesOf(definition, 8)]) add(part, name);
    for (const nested of bytesOf(definition, 3)) addMessage(nested, name);
    for (const nested of bytesOf(definition, 4)) addEnum(nested, name);
    for (const extension of bytesOf(definition, 6)) addExtension(extension, name);
  };
  const scope = textOf(file.bytes, 2);
  for (const definition of bytesOf(file.bytes, 4)) addMessage(definition, scope);
  for (const definition of bytesOf(file.bytes, 5)) addEnum(definition, scope);
  for (const extension of bytesOf(file.bytes, 7)) addExtension(extension, scope);
  for (const service of bytesOf(file.bytes, 6)) {
    const name = add(service, scope);
    for (const one of bytesOf(service, 2)) add(one, name);
  }
}
