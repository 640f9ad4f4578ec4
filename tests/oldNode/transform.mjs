// For a Node that cannot strip types itself. The syntax is lowered, and no call of a library.
import ts from "typescript";

const compilerOptions = { target: "ES2022", module: "ESNext", verbatimModuleSyntax: true, inlineSourceMap: true };
const strip = (source, fileName) => ({ code: ts.transpileModule(source, { fileName, compilerOptions }).outputText });

export default {
  process: strip,
  processAsync: async (source, fileName) => strip(source, fileName),
  canInstrument: false,
};
