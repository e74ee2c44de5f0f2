import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'
import { findSinks } from './find-sinks.js'

const namesIn = (code: string): readonly string[] => findSinks(parseAst(code)).map(({ name }) => name)

describe('what a policy refuses in code', () => {
  it.each([
    ['eval(text)', 'eval()'],
    ['const run = () => new Function("a", text)', 'new Function()'],
    ['Function(text)()', 'Function()'],
    ['setTimeout("run()", 1)', 'setTimeout(text)'],
    ['window.setInterval("run()", 1)', 'setTimeout(text)'],
    ['node.innerHTML = text', 'innerHTML'],
    ['node["outerHTML"] += text', 'outerHTML'],
    ['frame.srcdoc = text', 'srcdoc'],
    ['if (a) { node.insertAdjacentHTML("beforeend", text) }', 'insertAdjacentHTML()'],
    ['range.createContextualFragment(text)', 'createContextualFragment()'],
    ['document.write(text)', 'write()'],
    ['new DOMParser().parseFromString(text, "text/html")', 'parseFromString()'],
    ['class A { static x = new Worker(url) }', 'new Worker()'],
    ['importScripts(url)', 'importScripts()'],
  ])('is found in %j', (code, name) => {
    expect(namesIn(code)).toEqual([name])
  })

  it.each([
    'node.textContent = text',
    'const html = node.innerHTML',
    'setTimeout(() => run(), 1)',
    'stream.write(text)',
    'const text = "eval(1); new Function()"',
    'api.eval(text)',
  ])('is not found in %j', (code) => {
    expect(namesIn(code)).toEqual([])
  })
})
