// The one script of the pages under the type checker, as strict as it can be, and within its weight.

import { readFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";
import ts from "typescript";

const file = new URL("../../../daemon/frame/assets/almoner.js", import.meta.url).pathname;
const program = ts.createProgram([file], {
  allowJs: true,
  checkJs: true,
  noEmit: true,
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: false,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: [],
});
const found = ts.getPreEmitDiagnostics(program).map((one) => {
  const at = one.file?.getLineAndCharacterOfPosition(one.start ?? 0);
  return `almoner.js:${(at?.line ?? 0) + 1}: ${ts.flattenDiagnosticMessageText(one.messageText, " ")}`;
});
const text = await readFile(file, "utf8");
for (const never of ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage", "sessionStorage", "http://", "https://"]) {
  if (text.includes(never)) found.push(`almoner.js uses ${never}`);
}
const weight = brotliCompressSync(Buffer.from(text)).length;
if (weight > 8 * 1024) found.push(`almoner.js weighs ${weight} bytes packed, 8192 are allowed`);
for (const line of found) console.error(line);
console.log(`the script: ${found.length} problems, ${weight} bytes packed`);
process.exit(found.length === 0 ? 0 : 1);
