import { createHash } from 'node:crypto'

/** What a built page needs of a policy. */
export interface PageNeeds {
  /** `'sha256-…'` of each inline script and style. */
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
  /** Origins by directive, such as `script-src`. */
  readonly origins: ReadonlyArray<readonly [directive: string, origin: string]>
  /** What no policy without `unsafe-inline` allows. */
  readonly refused: readonly string[]
}

const ATTRIBUTES = String.raw`((?:"[^"]*"|'[^']*'|[^"'>])*)`
/** In the order of the text, so that nothing in a comment or in a script is read as an element. */
const TOKEN = new RegExp(
  `<!--[\\s\\S]*?-->|<script\\b${ATTRIBUTES}>([\\s\\S]*?)</script\\s*>|<style\\b${ATTRIBUTES}>([\\s\\S]*?)</style\\s*>|<([a-z][\\w-]*)\\b${ATTRIBUTES}>`,
  'gi',
)
/** Types of data, which do not run. */
const DATA = /^(?:application\/(?:ld\+)?json|text\/(?:plain|template|html|x-template))$/i

/** Reads a page of a build. */
export function readPage(html: string): PageNeeds {
  const elements = elementsOf(html)
  const inline = (name: string): readonly string[] => elements.filter((one) => one.name === name && isInline(one)).map(hashOf)
  return {
    scripts: inline('script'),
    styles: inline('style'),
    origins: elements.flatMap(({ name, attributes }) => originsOf(name, attributes)),
    refused: elements.flatMap(({ name, attributes }) => refusedOf(name, attributes)),
  }
}

interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** Of a script or a style. */
  readonly text: string
}

function elementsOf(html: string): readonly Element[] {
  const elements: Element[] = []
  for (const [, script, scriptText = '', style, styleText = '', name = '', attributes] of html.matchAll(TOKEN)) {
    if (script !== undefined) elements.push({ name: 'script', attributes: attributesOf(script), text: scriptText })
    else if (style !== undefined) elements.push({ name: 'style', attributes: attributesOf(style), text: styleText })
    else if (attributes !== undefined) elements.push({ name: name.toLowerCase(), attributes: attributesOf(attributes), text: '' })
  }
  return elements
}

function isInline({ attributes }: Element): boolean {
  return !attributes.has('src') && !DATA.test(attributes.get('type') ?? '')
}

/** As a browser compares them: its parser has only line feeds. */
function hashOf({ text }: Element): string {
  return `'sha256-${createHash('sha256').update(text.replaceAll(/\r\n?/g, '\n')).digest('base64')}'`
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)
  return new Map([...found].map(([, name = '', one, two, three]) => [name.toLowerCase(), one ?? two ?? three ?? '']))
}

const DIRECTIVES: Readonly<Record<string, readonly [attribute: string, directive: string]>> = {
  script: ['src', 'script-src'],
  img: ['src', 'img-src'],
  iframe: ['src', 'frame-src'],
  audio: ['src', 'media-src'],
  video: ['src', 'media-src'],
  source: ['src', 'media-src'],
  form: ['action', 'form-action'],
}

function originsOf(name: string, attributes: ReadonlyMap<string, string>): ReadonlyArray<readonly [string, string]> {
  const [attribute, directive] = name === 'link' ? ['href', linkDirective(attributes)] : (DIRECTIVES[name] ?? [])
  const url = attribute && attributes.get(attribute)
  const origin = url ? originOf(url) : undefined
  return directive !== undefined && origin !== undefined ? [[directive, origin]] : []
}

function linkDirective(attributes: ReadonlyMap<string, string>): string | undefined {
  const rel = attributes.get('rel')?.toLowerCase() ?? ''
  if (rel.includes('stylesheet')) return 'style-src'
  if (rel.includes('icon')) return 'img-src'
  if (rel === 'modulepreload') return 'script-src'
  return rel === 'manifest' ? 'manifest-src' : undefined
}

/** @returns undefined for an address of the page's own origin */
export function originOf(url: string): string | undefined {
  const absolute = /^(?:https?:)?\/\//i.test(url) && URL.canParse(url, 'https://localhost')
  return absolute ? new URL(url, 'https://localhost').origin : undefined
}

function refusedOf(name: string, attributes: ReadonlyMap<string, string>): readonly string[] {
  const handlers = [...attributes.keys()].filter((attribute) => /^on[a-z]+$/.test(attribute))
  const links = [...attributes.values()].filter((value) => /^\s*javascript:/i.test(value))
  return [
    ...handlers.map((handler) => `<${name} ${handler}="…">: add the listener in a script`),
    ...links.map(() => `<${name}> with a "javascript:" address: use a button and a listener`),
    ...(attributes.has('style') ? [`<${name} style="…">: use a class`] : []),
  ]
}
