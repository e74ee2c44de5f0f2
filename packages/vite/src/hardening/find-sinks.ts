/** Code that a Content Security Policy without `unsafe-eval`, or Trusted Types, refuse at run time. */
export type SinkKind = 'eval' | 'html' | 'script-url'

/** One place of it. */
export interface Sink {
  readonly kind: SinkKind
  /** As it is written: `innerHTML`, `new Function()`. */
  readonly name: string
}

/** A node of a syntax tree (ESTree). */
interface SyntaxNode {
  readonly type: string
  readonly [member: string]: unknown
}

const HTML_PROPERTIES: ReadonlySet<string> = new Set(['innerHTML', 'outerHTML', 'srcdoc'])
const HTML_METHODS: ReadonlySet<string> = new Set([
  'insertAdjacentHTML',
  'createContextualFragment',
  'setHTMLUnsafe',
  'parseFromString',
])
const DOCUMENT_METHODS: ReadonlySet<string> = new Set(['write', 'writeln'])
const TIMERS: ReadonlySet<string> = new Set(['setTimeout', 'setInterval'])
const WORKERS: ReadonlySet<string> = new Set(['Worker', 'SharedWorker'])

/** Returns the sinks in a syntax tree, each name once. */
export function findSinks(tree: unknown): readonly Sink[] {
  const found = new Map<string, Sink>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    if (!isNode(value)) return
    const sink = sinkOf(value)
    if (sink) found.set(sink.name, sink)
    for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) visit(member)
  }
  visit(tree)
  return [...found.values()]
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as Partial<SyntaxNode>).type === 'string'
}

function sinkOf(node: SyntaxNode): Sink | undefined {
  switch (node.type) {
    case 'AssignmentExpression':
      return htmlSink(propertyOf(node['left']), HTML_PROPERTIES, '')
    case 'NewExpression':
      return newSink(nameOf(node['callee']))
    case 'CallExpression':
      return callSink(node)
    default:
      return undefined
  }
}

function newSink(name: string | undefined): Sink | undefined {
  if (name === 'Function') return { kind: 'eval', name: 'new Function()' }
  return name !== undefined && WORKERS.has(name) ? { kind: 'script-url', name: `new ${name}()` } : undefined
}

function callSink(node: SyntaxNode): Sink | undefined {
  const callee = node['callee']
  const name = nameOf(callee)
  const [first] = node['arguments'] as readonly unknown[]
  if (name === 'eval') return { kind: 'eval', name: 'eval()' }
  if (name === 'Function') return { kind: 'eval', name: 'Function()' }
  if (name === 'importScripts') return { kind: 'script-url', name: 'importScripts()' }
  if (TIMERS.has(name ?? propertyOf(callee) ?? '') && isText(first)) return { kind: 'eval', name: 'setTimeout(text)' }
  const method = propertyOf(callee)
  const isOfDocument = isNode(callee) && nameOf(callee['object']) === 'document'
  return htmlSink(method, HTML_METHODS, '()') ?? (isOfDocument ? htmlSink(method, DOCUMENT_METHODS, '()') : undefined)
}

function htmlSink(name: string | undefined, names: ReadonlySet<string>, suffix: string): Sink | undefined {
  return name !== undefined && names.has(name) ? { kind: 'html', name: name + suffix } : undefined
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? String(node['name']) : undefined
}

/** The name of the member that `object.name` or `object['name']` accesses. */
function propertyOf(node: unknown): string | undefined {
  if (!isNode(node) || node.type !== 'MemberExpression') return undefined
  const property = node['property']
  if (node['computed'] !== true) return nameOf(property)
  return isText(property) ? String(property['value']) : undefined
}

function isText(node: unknown): node is SyntaxNode {
  return isNode(node) && node.type === 'Literal' && typeof node['value'] === 'string'
}
