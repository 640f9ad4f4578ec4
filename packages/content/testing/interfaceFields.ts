import { readFileSync } from "node:fs";
import ts from "typescript";

/** One property of an interface as its source has it. */
export interface Field {
  readonly name: string;
  /** As written, without line breaks: `readonly string[]`. */
  readonly type: string;
  readonly optional: boolean;
  /** Its doc comment in one line; empty without one. */
  readonly meaning: string;
  /** Of an object, or of a list of objects, that is written out in place. */
  readonly fields: readonly Field[];
}

/** The interfaces of a file with their fields, in the order of the file. Pages that describe them are made from it. */
export function interfaceFields(file: URL): ReadonlyMap<string, readonly Field[]> {
  const source = ts.createSourceFile(file.pathname, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const interfaces = source.statements.filter(ts.isInterfaceDeclaration);
  return new Map(interfaces.map(({ name, members }) => [name.text, fieldsOf(members)]));
}

const fieldsOf = (members: Iterable<ts.TypeElement>): Field[] =>
  [...members].filter(ts.isPropertySignature).map(fieldOf);

function fieldOf(member: ts.PropertySignature): Field {
  const [comment] = ts.getJSDocCommentsAndTags(member);
  return {
    name: member.name.getText(),
    type: oneLine(member.type?.getText() ?? ""),
    optional: member.questionToken !== undefined,
    meaning: oneLine(ts.getTextOfJSDocComment(comment?.comment) ?? ""),
    fields: fieldsOf(writtenOut(member.type)?.members ?? []),
  };
}

/** `{…}`, also inside `readonly {…}[]`. */
function writtenOut(type: ts.TypeNode | undefined): ts.TypeLiteralNode | undefined {
  if (type === undefined || ts.isTypeLiteralNode(type)) return type;
  if (ts.isTypeOperatorNode(type)) return writtenOut(type.type);
  return ts.isArrayTypeNode(type) ? writtenOut(type.elementType) : undefined;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ");
