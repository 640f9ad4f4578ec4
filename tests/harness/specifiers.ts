import ts from "typescript";

const IMPORT = ts.SyntaxKind.ImportKeyword;
/** Stands for a specifier that is not written out. */
export const COMPUTED = "a computed name";

const isCallOf = (node: ts.CallExpression, name: string): boolean =>
  ts.isIdentifier(node.expression) && node.expression.text === name;

/** The node that names what is imported: in static, `import type`, dynamic and `export … from`, and `require`. */
function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  const imports = ts.isCallExpression(node) && (node.expression.kind === IMPORT || isCallOf(node, "require"));
  return imports ? node.arguments[0] : undefined;
}

/** What the code imports, as it is written there. Where `createRequire` is at hand, each string may be a specifier. */
export function specifiersIn(code: string): string[] {
  const found: string[] = [];
  const anyString = code.includes("createRequire");
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier) found.push(ts.isStringLiteralLike(specifier) ? specifier.text : COMPUTED);
    else if (anyString && ts.isCallExpression(node))
      found.push(...node.arguments.filter(ts.isStringLiteralLike).map(({ text }) => text));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("code.ts", code, ts.ScriptTarget.Latest));
  return found;
}
