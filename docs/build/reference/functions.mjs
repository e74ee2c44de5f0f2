import ts from 'typescript'
import { commentOf } from '../../../test/gate/documented-types.mjs'
import { proseOf } from './markdown.mjs'
import { lineOf } from './members.mjs'

/** @typedef {import('../../../test/gate/documented-types.mjs').Types} Types */

/**
 * Describes exported functions under a heading each: signature, doc comment, parameters, and the members of what is returned.
 *
 * @param {Types} types
 * @param {string} entry
 * @param {(name: string) => boolean} isListed
 * @returns {string}
 */
export function describeFunctions(types, entry, isListed) {
  const functions = types.exportsOf(entry).filter(({ name, flags }) => flags & ts.SymbolFlags.Function && isListed(name))
  if (functions.length === 0) throw new Error(`Nothing is left of the functions of ${entry}`)
  return functions
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map((symbol) => describeFunction(types, symbol))
    .join('\n\n')
}

/**
 * @param {Types} types
 * @param {ts.Symbol} symbol
 */
function describeFunction({ checker }, symbol) {
  const declarations = (symbol.declarations ?? []).filter((declaration) => ts.isFunctionDeclaration(declaration))
  const code = declarations.map((declaration) => declaration.getText().replace(/^export (?:declare )?/, '')).join('\n')
  const result = resultOf(checker, declarations[0])
  return [
    `### ${symbol.name} {#${symbol.name}}`,
    `\`\`\`ts\n${code.replaceAll(/\/\*\*.*?\*\/\s*/gs, '')}\n\`\`\``,
    proseOf(commentOf(symbol, checker)),
    parametersOf(symbol),
    result,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** @param {ts.Symbol} symbol */
function parametersOf(symbol) {
  const tags = symbol.getJsDocTags()
  const lines = tags.flatMap(({ name, text }) => {
    const parts = ts.displayPartsToString(text).replaceAll(/\s+/g, ' ').trim()
    const [, parameter, meaning] = /^(\S+)\s+(?:- )?(.+)$/.exec(parts) ?? []
    if (name === 'param' && parameter && meaning) return [`- \`${parameter}\`: ${proseOf(meaning)}`]
    return name === 'returns' ? [`- returns ${proseOf(parts)}`] : []
  })
  return lines.join('\n')
}

/**
 * @param {ts.TypeChecker} checker
 * @param {ts.FunctionDeclaration | undefined} declaration
 * @returns {string} the members of an object that this repository declares and the function returns
 */
function resultOf(checker, declaration) {
  const signature = declaration && checker.getSignatureFromDeclaration(declaration)
  if (!signature) return ''
  const type = checker.getReturnTypeOfSignature(signature)
  const name = type.aliasSymbol?.name ?? type.symbol?.name ?? ''
  if (!name.endsWith('Result') || name.startsWith('UseQuery')) return ''
  const lines = checker.getPropertiesOfType(type).map((member) => lineOf(member, checker))
  return lines.length > 0 ? `It returns:\n\n${lines.join('\n')}` : ''
}
