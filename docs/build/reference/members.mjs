import ts from 'typescript'
import { commentOf, membersOf } from '../../../test/gate/documented-types.mjs'
import { proseOf } from './markdown.mjs'

/** @typedef {import('../../../test/gate/documented-types.mjs').Types} Types */

const UNITS = /^(Seconds|Milliseconds|Minutes|Bytes|Characters)\b/
const SECTION =
  /\b(?:RFC \d+|OpenID Connect [A-Z][\w-]*(?: [A-Z][\w-]*)* 1\.0|OAuth 2\.0 [A-Z]\w*(?: [A-Z]\w*)*)(?:, sections? [\d.]+(?: and [\d.]+)?)?/g
const DEFAULT = /(^|[.;] )Default:? (?!of\b)((?:`[^`]*`|[^.`]|\.(?=\S))+)(?:\.(?=\s|$)|$)/

/**
 * Describes each member of a type under a heading of its own, which others can link to and the search finds.
 *
 * @param {Types} types
 * @param {string} entry
 * @param {string} type
 * @param {{ level?: number, prefix?: string, first?: readonly string[] }} [options] `prefix` of the anchors, for the second and further types
 *   of a page; `first`: the members that precede all others
 * @returns {string}
 */
export function describeMembers(types, entry, type, { level = 3, prefix = `${kebabOf(type)}-`, first = [] } = {}) {
  const members = membersOf(types, entry, type)
  const leading = first.flatMap((name) => members.filter((member) => member.name === name))
  const sections = [...new Set([...leading, ...members])].map((member) => {
    const { text, facts } = factsOf(member, types.checker)
    const heading = `${'#'.repeat(level)} ${escapeHeading(member.name)} {#${prefix}${member.name}}`
    return [heading, facts, text].filter((part) => part !== '').join('\n\n')
  })
  if (sections.length === 0) throw new Error(`${type} of ${entry} has no members: its name or entry has changed`)
  return sections.join('\n\n')
}

/**
 * @param {ts.Symbol} member
 * @param {ts.TypeChecker} checker
 */
function factsOf(member, checker) {
  const comment = commentOf(member, checker)
  const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0
  const fallback = DEFAULT.exec(comment)?.[2]?.trim()
  const unit = UNITS.exec(comment)?.[1]?.toLowerCase()
  const sections = [...new Set([...comment.matchAll(SECTION)].map(([section]) => section))]
  const text = comment.replace(DEFAULT, '$1').trim()
  const facts = [
    `**Type**: \`${typeOf(member, checker)}\``,
    unit ? `**Unit**: ${unit}` : '',
    isOptional ? `**Default**: ${fallback ? proseOf(fallback) : 'none'}` : '**Required**',
    sections.length > 0 ? `**Spec**: ${sections.join('; ')}` : '',
  ]
  return { text: proseOf(text), facts: facts.filter((fact) => fact !== '').join(' · ') }
}

/**
 * @param {ts.Symbol} member
 * @param {ts.TypeChecker} checker
 * @returns {string} the type as it was declared, on one line
 */
export function typeOf(member, checker) {
  const [declaration, ...others] = member.declarations ?? []
  const node = declaration && 'type' in declaration ? /** @type {ts.TypeNode | undefined} */ (declaration.type) : undefined
  const isPlain =
    declaration && others.length === 0 && (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration))
  const text =
    isPlain && node
      ? node.getText()
      : checker.typeToString(checker.getTypeOfSymbol(member), declaration, ts.TypeFormatFlags.NoTruncation)
  return text
    .replaceAll(/\/\*\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('`', '')
    .replace(/ \| undefined$/, '')
    .replace(/^\((.*)\)$/, (whole, inner) => (/^[^()]*(?:\([^()]*\)[^()]*)*$/.test(inner) ? inner : whole))
    .trim()
}

/**
 * @param {ts.Symbol} member
 * @param {ts.TypeChecker} checker
 * @returns {string} name, type and doc comment as an entry of a list
 */
export function lineOf(member, checker) {
  const text = proseOf(commentOf(member, checker))
  return `- \`${member.name}\`: \`${typeOf(member, checker)}\`${text === '' ? '' : `. ${text}`}`
}

/** @param {string} name */
export function kebabOf(name) {
  return name
    .replace(/(?:Options|Record|Settings)$/, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
}

/** @param {string} name */
function escapeHeading(name) {
  return name.replaceAll('_', String.raw`\_`)
}
