import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { type CodeSample, codeSamples } from './code-samples.js'

const folder = dirname(fileURLToPath(import.meta.url))
const connections = [
  { issuer: 'https://id.example.com', clientId: 'spa', scope: 'openid profile' },
  { issuer: 'https://id.example.com/a&b', clientId: 'with "quotes" and {braces}', scope: '' },
]

/** @returns the errors of the compiler, each with the name of its sample */
function compile(samples: readonly CodeSample[]): readonly string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  }
  const files = new Map(samples.map(({ code }, index) => [join(folder, `sample-${index}.tsx`), code]))
  const host = ts.createCompilerHost(options)
  host.readFile = (path) => files.get(path) ?? ts.sys.readFile(path)
  host.fileExists = (path) => files.has(path) || ts.sys.fileExists(path)
  const program = ts.createProgram([...files.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => {
    const index = [...files.keys()].indexOf(file?.fileName ?? '')
    return `${samples[index]?.name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

const wrong: CodeSample = {
  name: 'a wrong sample',
  code: `import { useLogin } from '@latchkey/react'\nexport const wrong: string = useLogin()`,
}

describe('code that the pages show', () => {
  it('compiles, and the compiler sees it', () => {
    expect(compile([...connections.flatMap(codeSamples), wrong])).toEqual([expect.stringContaining('a wrong sample: Type')])
  })
})
